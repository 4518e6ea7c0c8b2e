"""How numbers are written, and what they mean: `{% load figures %}`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import template

from tracking.metrics.definitions import DEFINITIONS
from tracking.metrics.ratings import SCORES
from tracking.metrics.tracked import Message, Question, Row

register = template.Library()

REASONS = {
    "": "Button",
    "close": "Close button",
    "backdrop": "Backdrop",
    "esc": "Esc key",
    "swipe": "Swipe",
    "timeout": "Timed out",
    "snooze": "Snoozed",
    "left": "Left the page",
    "superseded": "Replaced by another message",
    "recalled": "Recalled",
}


@register.filter
def percent(ratio: float | None) -> str:
    """One decimal; never rounded to all or nothing when it is not. Without a denominator: -"""
    if ratio is None:
        return "-"
    if 0 < ratio < 0.001:
        return "<0.1%"
    if 0.999 < ratio < 1:
        return ">99.9%"
    return f"{ratio:.1%}".replace(".0%", "%")


@register.filter
def score(question: Question) -> str:
    """The score of a question in words, as "NPS +32"; nothing for a question without one."""
    known = SCORES.get(question.scale)
    return known.text(question.score) if known else ""


@register.filter
def term(question: Question) -> str:
    """The name of the definition of its score."""
    return SCORES[question.scale].term


@register.filter
def zone(row: Row) -> str:
    """Where a point stands in the NPS: detractor, passive or promoter."""
    if not row.value.isdigit():
        return ""
    return "detractor" if int(row.value) <= 6 else "promoter" if int(row.value) >= 9 else "passive"


@register.filter
def top(group: Message | Question) -> int:
    """The longest bar's total."""
    if isinstance(group, Question):
        return max((row.total for row in group.rows), default=0)
    return max((entry.total for entry in group.entries if isinstance(entry, Row)), default=0)


@register.filter
def reason(word: str) -> str:
    return REASONS.get(word, word)


@register.filter
def ago(lag: timedelta) -> str:
    seconds = int(lag.total_seconds())
    if seconds < 120:
        return f"{seconds} s"
    return f"{seconds // 60} min" if seconds < 7200 else f"{seconds // 3600} h"


@register.inclusion_tag("tracking/metrics/defined.html")
def defined(key: str, place: str = "") -> dict[str, Any]:
    """A button that says what a number is, in the words of docs/metrics.md."""
    return {"definition": DEFINITIONS[key], "id": f"what-{place}{key}"}


@register.simple_tag
def is_question(entry: Row | Question) -> bool:
    return isinstance(entry, Question)
