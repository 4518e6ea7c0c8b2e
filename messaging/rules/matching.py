"""Rules -> bool on one person's attributes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from messaging.common.scalars import instant, number, same, twins
from messaging.rules.tree import DENIES, Group, Op, Rule


def matches(rules: Group | Rule, attributes: Mapping[str, Any]) -> bool:
    if isinstance(rules, Group):
        parts = (matches(part, attributes) for part in rules.parts)
        return all(parts) if rules.every else any(parts)
    if rules.op in DENIES:
        return not _holds(DENIES[rules.op], attributes.get(rules.attribute), rules.value)
    return _holds(rules.op, attributes.get(rules.attribute), rules.value)


def _holds(op: Op, has: Any, value: Any) -> bool:
    if op is Op.EXISTS:
        return has is not None
    if op is Op.IS:
        return any(same(has, twin) for twin in twins(value))
    if op is Op.IN:
        return any(same(has, twin) for one in value for twin in twins(one))
    if op is Op.CONTAINS:
        return _contains(has, value)
    mine = (instant if op in (Op.BEFORE, Op.AFTER) else number)(has)
    return mine is not None and bool(mine > value if op in (Op.GREATER, Op.AFTER) else mine < value)


def _contains(has: Any, value: Any) -> bool:
    """A text contains a text; a list contains a value."""
    if isinstance(has, str):
        return str(value) in has
    return isinstance(has, list) and any(same(one, twin) for one in has for twin in twins(value))
