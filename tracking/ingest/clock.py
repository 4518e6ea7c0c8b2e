"""When it happened, by a clock that nobody has set."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from tracking.ingest.rejection_codes import HELP, Rejected, RejectionCode

FUTURE = timedelta(minutes=5)
PAST = timedelta(days=-365)
NUMBER = re.compile(r"[0-9]{9,13}(\.[0-9]+)?", re.ASCII)
MILLISECONDS_FROM = 100_000_000_000  # as seconds this is the year 5138


def occurred(timestamp: Any, sent_at: Any, received_at: datetime) -> tuple[datetime, bool]:
    """(when, clamped). A client's clock is wrong by as much as `sentAt` differs from the time of receipt.

    Nothing has happened after it was received: a clock that is a little fast gives the time of receipt. What is absurd
    even so is taken to have happened on receipt as well, and says so. Raises Rejected for what is no time.
    """
    if timestamp in (None, ""):
        return received_at, False
    when = read(timestamp)
    if when is None:
        raise Rejected(
            RejectionCode.BAD_TIME, f"timestamp: {str(timestamp)[:40]!r} is no time. {HELP[RejectionCode.BAD_TIME]}"
        )
    sent = read(sent_at) if sent_at is not None else None
    try:
        if sent is not None:
            when += received_at - sent
    except OverflowError:
        return received_at, True
    if PAST <= when - received_at <= FUTURE:
        return min(when, received_at), False
    return received_at, True


def read(value: Any) -> datetime | None:
    """ISO 8601 (without a zone: UTC), or seconds or milliseconds since 1970, as a number or in a text."""
    try:
        if isinstance(value, str):
            value = value.strip()
            if "-" not in value and NUMBER.fullmatch(value):
                return read(float(value))
            when = datetime.fromisoformat(value)
            if when.tzinfo is UTC:
                return when
            return when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)
        if isinstance(value, int | float) and not isinstance(value, bool):
            seconds = value / 1000 if value >= MILLISECONDS_FROM else value
            return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        pass
    return None
