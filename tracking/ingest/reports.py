"""The properties of a `Report Delivery Event`, read."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from messaging.public import BadDelivery, read_token
from tracking.ingest.refusals import Code, Refused
from tracking.ingest.values import Report
from tracking.models import EventKind

REPORT = "Report Delivery Event"
METRICS = {"opened": EventKind.OPENED, "clicked": EventKind.CLICKED, "dismissed": EventKind.DISMISSED}
ON_CLOSE = frozenset({"close", "backdrop", "esc", "swipe"})
"""Reasons that are a response to the action `close`."""
REASONS = ON_CLOSE | {"timeout", "snooze", "left", "superseded", "recalled"}
NO_ACTION = frozenset({"timeout", "left", "superseded", "recalled"})
MAX_VALUE = 1000

_delivery = lru_cache(4096)(read_token)
"""Whoever opens, taps and closes sends the same id within a minute: it is verified once."""


def report(properties: dict[str, Any]) -> tuple[Report, float | None]:
    """The report and the seconds on screen; raises Refused, naming the field."""
    token = properties.get("deliveryId")
    if token in (None, ""):
        raise Refused(Code.MISSING_FIELD, "properties.deliveryId: a report says which delivery it is of.")
    try:
        delivery = _delivery(_text("deliveryId", token) or "")
    except (BadDelivery, UnicodeEncodeError) as error:
        raise Refused(Code.UNKNOWN_DELIVERY) from error
    said = _text("metric", properties.get("metric"))
    if said is None:
        raise Refused(Code.MISSING_FIELD, "properties.metric: a report says opened, clicked or dismissed.")
    metric = METRICS.get(said)
    if metric is None:
        raise Refused(Code.UNKNOWN_METRIC, f"properties.metric: {said[:40]!r} is not opened, clicked or dismissed.")
    reason = (_text("reason", properties.get("reason")) or "") if metric is not EventKind.OPENED else ""
    if reason and reason not in REASONS:
        raise Refused(
            Code.UNKNOWN_REASON, f"properties.reason: {reason[:40]!r}. {', '.join(sorted(REASONS))} are known."
        )
    seconds = properties.get("seconds")
    return Report(
        delivery=delivery,
        metric=metric,
        action_id=_text("actionId", properties.get("actionId")),
        action_name=_text("actionName", properties.get("actionName")),
        action_value=_text("actionValue", properties.get("actionValue")),
        reason=reason,
        value=_text("value", properties.get("value")),
    ), float(seconds) if isinstance(seconds, int | float) and 0 <= seconds < 10**7 else None


def _text(field: str, value: Any) -> str | None:
    """A text or number as a text; absent and empty are the same."""
    if value is None or value == "":
        return None
    if type(value) is str and len(value) <= MAX_VALUE:
        return value
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Refused(Code.WRONG_TYPE, f"properties.{field}: Expected a text, got {type(value).__name__}.")
    text = str(value)
    if len(text) > MAX_VALUE:
        raise Refused(Code.TOO_LONG, f"properties.{field} has {len(text)} characters; {MAX_VALUE} are allowed.")
    return text
