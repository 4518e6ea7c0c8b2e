"""What rules are: `{"all": [...]}` or `{"any": [...]}` of rules `{"attribute", "op", "value"}` or further groups.

`{}` stands for everyone. This is the one reader of `Segment.rules` and `Campaign.audience_rules`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from messaging.common.scalars import instant, number
from messaging.errors import BadRules

MAX_DEPTH = 5
MAX_RULES = 100
MAX_TEXT = 500


class Op(StrEnum):
    IS = "is"
    IS_NOT = "is_not"
    CONTAINS = "contains"
    NOT_CONTAINS = "not_contains"
    EXISTS = "exists"
    NOT_EXISTS = "not_exists"
    GREATER = "gt"
    LESS = "lt"
    BEFORE = "before"
    AFTER = "after"
    IN = "in"
    NOT_IN = "not_in"


LABELS = {
    Op.IS: "is",
    Op.IS_NOT: "is not",
    Op.CONTAINS: "contains",
    Op.NOT_CONTAINS: "does not contain",
    Op.EXISTS: "is known",
    Op.NOT_EXISTS: "is not known",
    Op.GREATER: "is greater than",
    Op.LESS: "is less than",
    Op.BEFORE: "is before (date)",
    Op.AFTER: "is after (date)",
    Op.IN: "is one of",
    Op.NOT_IN: "is none of",
}
# An operator that is the denial of another. A missing attribute is none of anything.
DENIES = {Op.IS_NOT: Op.IS, Op.NOT_CONTAINS: Op.CONTAINS, Op.NOT_EXISTS: Op.EXISTS, Op.NOT_IN: Op.IN}
VALUELESS = {Op.EXISTS, Op.NOT_EXISTS}

Scalar = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Rule:
    """One condition. `value` is a list for `in`, a Decimal for gt/lt and before/after (seconds since 1970)."""

    attribute: str
    op: Op
    value: Any = None


@dataclass(frozen=True, slots=True)
class Group:
    every: bool
    parts: tuple[Group | Rule, ...] = ()


def read(raw: Any) -> Group:
    """Rules from JSON; raises BadRules naming the place."""
    group = _group({"all": []} if raw is None or raw == {} else raw, "", 1)
    if _size(group) > MAX_RULES:
        raise BadRules("", f"There are more than {MAX_RULES} rules; use fewer.")
    return group


def _size(part: Group | Rule) -> int:
    return sum(map(_size, part.parts)) if isinstance(part, Group) else 1


def _group(raw: Any, where: str, depth: int) -> Group:
    if depth > MAX_DEPTH:
        raise BadRules(where, f"Groups go at most {MAX_DEPTH} deep.")
    if not isinstance(raw, dict) or len(raw) != 1 or not (raw.keys() <= {"all", "any"}):
        raise BadRules(where, 'Expected {"all": [...]} or {"any": [...]}.')
    [(word, parts)] = raw.items()
    if not isinstance(parts, list):
        raise BadRules(f"{where}/{word}", "Expected a list of rules.")
    if not parts and (word == "any" or depth > 1):  # only as a whole do no rules mean everyone
        raise BadRules(f"{where}/{word}", "Add at least one rule.")
    return Group(word == "all", tuple(_part(part, f"{where}/{word}/{n}", depth + 1) for n, part in enumerate(parts)))


def _part(raw: Any, where: str, depth: int) -> Group | Rule:
    if isinstance(raw, dict) and "attribute" in raw:
        return _rule(raw, where)
    return _group(raw, where, depth)


def _rule(raw: dict[str, Any], where: str) -> Rule:
    attribute = raw["attribute"]
    if not isinstance(attribute, str) or not attribute.strip() or len(attribute) > 150 or "\x00" in attribute:
        raise BadRules(f"{where}/attribute", "Name the attribute (at most 150 characters).")
    try:
        op = Op(raw.get("op", ""))
    except ValueError:
        raise BadRules(f"{where}/op", f"Choose one of {', '.join(Op)}.") from None
    if unknown := raw.keys() - {"attribute", "op", "value"}:
        raise BadRules(where, f"Unknown key {sorted(map(str, unknown))[0]!r}.")
    return Rule(attribute, op, None if op in VALUELESS else _value(op, raw.get("value"), f"{where}/value"))


def _value(op: Op, value: Any, where: str) -> Any:
    if op in (Op.IN, Op.NOT_IN):
        if not isinstance(value, list) or not value or len(value) > 1000:
            raise BadRules(where, "Give a list of 1 to 1000 values.")
        return tuple(_scalar(one, where) for one in value)
    if op in (Op.GREATER, Op.LESS):
        return _decimal(number(_scalar(value, where)), where, "Give a number.")
    if op in (Op.BEFORE, Op.AFTER):
        return _decimal(instant(_scalar(value, where)), where, "Give a date, such as 2026-01-31.")
    return _scalar(value, where)


def _decimal(value: Decimal | None, where: str, otherwise: str) -> Decimal:
    if value is None:
        raise BadRules(where, otherwise)
    return value


def _scalar(value: Any, where: str) -> Scalar:
    if not isinstance(value, str | int | float) or (isinstance(value, float) and value != value):
        raise BadRules(where, "Give a text, a number or yes/no.")
    if isinstance(value, str) and (not value or len(value) > MAX_TEXT or "\x00" in value):
        raise BadRules(where, f"Give a value of 1 to {MAX_TEXT} characters.")
    return value
