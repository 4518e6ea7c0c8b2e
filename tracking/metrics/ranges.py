"""The days that a page looks at: whole UTC days, both ends included, said in the query string."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from urllib.parse import urlencode

Name = Literal["today", "7", "30", "all", "custom"]
LABELS: dict[str, str] = {
    "today": "Today",
    "7": "Last 7 days",
    "30": "Last 30 days",
    "all": "All time",
    "custom": "Custom",
}
BACK = {"today": 0, "7": 6, "30": 29}


class BadRange(ValueError):
    """The query string names no range. `field` is what to mend."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Range:
    name: str = "all"
    since: date | None = None
    until: date | None = None

    @property
    def whole(self) -> bool:
        return self.since is None and self.until is None

    @property
    def label(self) -> str:
        if self.name != "custom":
            return LABELS[self.name]
        return f"{self.since or 'the beginning'} to {self.until or 'today'}"

    @property
    def query(self) -> dict[str, str]:
        if self.name != "custom":
            return {} if self.name == "all" else {"range": self.name}
        days = {"since": self.since, "until": self.until}
        return {"range": "custom"} | {key: day.isoformat() for key, day in days.items() if day}

    @property
    def url(self) -> str:
        return urlencode(self.query)

    @property
    def start(self) -> datetime | None:
        return _midnight(self.since) if self.since else None

    @property
    def end(self) -> datetime | None:
        """The moment after the last one."""
        return _midnight(self.until + timedelta(days=1)) if self.until else None


def read(query: Mapping[str, str], today: date) -> Range:
    """The range that a query string asks for; raises BadRange naming the field."""
    name = query.get("range") or ("custom" if query.get("since") or query.get("until") else "all")
    if name not in LABELS:
        raise BadRange("range", f"“{name[:40]}” is no range. Choose one of: {', '.join(LABELS)}.")
    if name in BACK:
        return Range(name, today - timedelta(days=BACK[name]), today)
    if name == "all":
        return Range()
    since, until = _day(query, "since"), _day(query, "until")
    if since and until and since > until:
        raise BadRange("until", f"End date ({until}) is before start date ({since}): swap them.")
    return Range("custom", since, until) if since or until else Range()


def _day(query: Mapping[str, str], field: str) -> date | None:
    raw = query.get(field, "").strip()
    try:
        day = date.fromisoformat(raw) if raw else None
    except ValueError as error:
        raise BadRange(field, f"“{raw[:40]}” is no date. Write it as year-month-day: 2026-11-24.") from error
    if day and not 2000 <= day.year <= 2200:
        raise BadRange(field, f"{day} is out of bounds. Choose a day from 2000 to 2200.")
    return day


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
