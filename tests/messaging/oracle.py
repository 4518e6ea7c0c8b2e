"""What rules mean, written from docs/attributes.md a second time: it shares no code with what it judges."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any


def chosen(tree: dict[str, Any], person: dict[str, Any]) -> bool:
    if "attribute" in tree:
        return _leaf(tree["op"], person.get(tree["attribute"]), tree.get("value"))
    [(word, parts)] = tree.items()
    answers = [chosen(part, person) for part in parts]
    return False not in answers if word == "all" else True in answers


def _leaf(op: str, has: Any, value: Any) -> bool:
    if op in ("is_not", "not_contains", "not_exists", "not_in"):
        return not _leaf(
            {"is_not": "is", "not_contains": "contains", "not_exists": "exists", "not_in": "in"}[op], has, value
        )
    if op == "exists":
        return has is not None
    if op == "in":
        return any(_is(has, one) for one in value)
    if op == "is":
        return _is(has, value)
    if op == "contains":
        if isinstance(has, str):
            return has.find(value if isinstance(value, str) else str(value)) >= 0
        return isinstance(has, list) and any(_is(one, value) for one in has)
    if op in ("gt", "lt"):
        mine, theirs = _amount(has), _amount(value)
    else:
        mine, theirs = _moment(has), _moment(value)
    if mine is None or theirs is None:
        return False
    return mine > theirs if op in ("gt", "after") else mine < theirs


def _is(has: Any, asked: Any) -> bool:
    if type(has) is bool:
        words = {True: ("yes", "true"), False: ("no", "false")}[has]
        return asked.lower() in words if type(asked) is str else has is asked
    if type(asked) is bool or has is None or isinstance(has, list | dict):
        return False
    if type(has) is str:
        return has == (asked if type(asked) is str else str(asked))
    return _amount(asked) == Fraction(repr(has))


def _amount(value: Any) -> Fraction | None:
    if type(value) is str:
        return Fraction(value) if re.match(r"\A-?\d+(\.\d+)?\Z", value, re.ASCII) else None
    return Fraction(repr(value)) if type(value) in (int, float) else None


def _moment(value: Any) -> Fraction | None:
    amount = _amount(value)
    if amount is not None:
        return amount if -(10**11) < amount < 10**11 else amount / 1000
    if type(value) is not str:
        return None
    try:
        when = datetime.fromisoformat(value)
    except ValueError:
        return None
    since = (when if when.tzinfo else when.replace(tzinfo=UTC)) - datetime(1970, 1, 1, tzinfo=UTC)
    return Fraction(since.days * 86400 + since.seconds) + Fraction(since.microseconds, 10**6)
