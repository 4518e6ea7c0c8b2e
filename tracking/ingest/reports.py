"""The properties of a `Report Delivery Event`, read."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Any

import msgspec

from messaging.public import BadDelivery, DeliveryRef, read_token
from tracking.ingest.models import EventKind
from tracking.ingest.parse_errors import code_of, explain
from tracking.ingest.rejection_codes import Rejected, RejectionCode
from tracking.ingest.values import Report

REPORT = "Report Delivery Event"
METRICS = {"opened": EventKind.OPENED, "clicked": EventKind.CLICKED, "dismissed": EventKind.DISMISSED}
ON_CLOSE = frozenset({"close", "backdrop", "esc", "swipe"})
"""Reasons that are a response to the action `close`."""
REASONS = ON_CLOSE | {"timeout", "snooze", "left", "superseded", "recalled"}
NO_ACTION = frozenset({"timeout", "left", "superseded", "recalled"})
MAX_VALUE = 1000
Text = Annotated[str, msgspec.Meta(max_length=MAX_VALUE)] | int | float | None

_delivery = lru_cache(4096)(read_token)
"""Whoever opens, taps and closes sends the same id within a minute: it is verified once."""


class Said(msgspec.Struct, rename="camel"):
    """The properties that Earshot knows. Clients write a number where they should write it as a text."""

    delivery_id: Text = None
    metric: Text = None
    action_id: Text = None
    action_name: Text = None
    action_value: Text = None
    reason: Text = None
    value: Text = None
    seconds: Any = None


def report(properties: dict[str, Any]) -> tuple[Report, float | None]:
    """The report and the seconds on screen; raises Rejected, naming the field."""
    try:
        said = msgspec.convert(properties, Said)
    except msgspec.ValidationError as error:
        raise Rejected(code_of(error), explain(error, "properties")) from error
    metric = _metric(_text(said.metric))
    reason = (_text(said.reason) or "") if metric is not EventKind.OPENED else ""
    if reason and reason not in REASONS:
        raise Rejected(
            RejectionCode.UNKNOWN_REASON, f"properties.reason: {reason[:40]!r}. {', '.join(sorted(REASONS))} are known."
        )
    return Report(
        _delivery_of(_text(said.delivery_id)),
        metric,
        _text(said.action_id),
        _text(said.action_name),
        _text(said.action_value),
        reason,
        _text(said.value),
    ), _seconds(said.seconds)


def _delivery_of(token: str | None) -> DeliveryRef:
    if token is None:
        raise Rejected(RejectionCode.MISSING_FIELD, "properties.deliveryId: a report says which delivery it is of.")
    try:
        return _delivery(token)
    except (BadDelivery, UnicodeEncodeError) as error:
        raise Rejected(RejectionCode.UNKNOWN_DELIVERY) from error


def _metric(said: str | None) -> EventKind:
    if said is None:
        raise Rejected(RejectionCode.MISSING_FIELD, "properties.metric: a report says opened, clicked or dismissed.")
    metric = METRICS.get(said)
    if metric is None:
        raise Rejected(
            RejectionCode.UNKNOWN_METRIC, f"properties.metric: {said[:40]!r} is not opened, clicked or dismissed."
        )
    return metric


def _text(value: str | float | None) -> str | None:
    """Absent and empty are the same."""
    return None if value is None or value == "" else str(value)


def _seconds(said: Any) -> float | None:
    return float(said) if isinstance(said, int | float) and 0 <= said < 10**7 else None
