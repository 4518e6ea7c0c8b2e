"""How attribute values compare: the same in rules, in Liquid and in PostgreSQL (see `rules/sql.py`)."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

TRUTHS = {"true": True, "yes": True, "false": False, "no": False}
NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")
INSTANT = re.compile(
    r"([0-9]{4})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    r"(?:[T ]([01][0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9](?:\.[0-9]{1,9})?))?"
    r"(?:(Z)|([+-])([01][0-9]|2[0-3]):?([0-5][0-9]))?)?"
)
EPOCH = date(1970, 1, 1).toordinal()
MILLISECONDS_FROM = 100_000_000_000  # as seconds this is the year 5138; ingest reads times alike


def number(value: Any) -> Decimal | None:
    """A JSON number, or a text that is one."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        return Decimal(value) if NUMBER.fullmatch(value) else None
    if not isinstance(value, int | float):
        return None
    try:
        made = Decimal(str(value))
    except InvalidOperation:
        return None
    return made if made.is_finite() else None


def instant(value: Any) -> Decimal | None:
    """Seconds since 1970, of an ISO date (its first moment, UTC), an ISO date and time, or a number of seconds or
    milliseconds (also as a text)."""
    if (count := number(value)) is not None:
        return count / 1000 if abs(count) >= MILLISECONDS_FROM else count
    if not isinstance(value, str):
        return None
    found = INSTANT.fullmatch(value)
    if not found or found[1] == "0000":
        return None
    year, month, day = int(found[1]), int(found[2]), int(found[3])
    days = date(year, month, 1).toordinal() - EPOCH + day - 1
    seconds = Decimal(days * 86400 + int(found[4] or 0) * 3600 + int(found[5] or 0) * 60) + Decimal(found[6] or 0)
    offset = (int(found[9] or 0) * 60 + int(found[10] or 0)) * 60
    return seconds - offset if found[8] != "-" else seconds + offset


def twins(value: Any) -> list[Any]:
    """The JSON values that a rule's value stands for: typed 5 is the number 5 and the text "5"."""
    if isinstance(value, bool):
        return [value]
    found: list[Any] = [value] if isinstance(value, str) else [value, str(value)]
    if isinstance(value, str):
        if (made := number(value)) is not None:
            found.append(int(made) if made == made.to_integral_value() else float(made))
        if value.lower() in TRUTHS:
            found.append(TRUTHS[value.lower()])
    return found


def same(one: Any, other: Any) -> bool:
    """Equality of JSON scalars: 5 is 5.0, true is not 1."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, str) or isinstance(other, str):
        return isinstance(one, str) and isinstance(other, str) and one == other
    left, right = number(one), number(other)
    return left is not None and left == right


def equal(one: Any, other: Any) -> bool:
    """Whether a rule "is" with either as its value holds for the other."""
    return any(same(one, twin) for twin in twins(other)) or any(same(other, twin) for twin in twins(one))
