"""How values compare in Liquid: as they do in rules (`messaging.common.scalars`), whatever kind of value a person has.

python-liquid compares texts with texts and numbers with numbers and refuses all else, so that one person's "10" where
others have 10 would keep the message from being shown at all. Its functions are replaced; it offers no other way.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from liquid.builtin.expressions import logical, loop, primitive
from liquid.builtin.tags import case_tag
from liquid.undefined import is_undefined

from messaging.common.scalars import MILLISECONDS_FROM, equal, number
from messaging.liquid.bounds import check_length

_library_eq = logical._eq
_library_range = primitive.RangeLiteral._make_range


def eq(left: object, right: object) -> bool:
    if _library_eq(left, right):
        return True
    return _is_scalar(left) and _is_scalar(right) and equal(left, right)


def lt(_token: object, left: object, right: object) -> bool:
    pair = _pair(left, right)
    return pair is not None and bool(pair[0] < pair[1])


def le(left: object, right: object) -> bool:
    pair = _pair(left, right)
    return pair is not None and bool(pair[0] <= pair[1])


def contains(_token: object, left: object, right: object) -> bool:
    """A text holds a text; a list or range holds a value; an object has a name."""
    if right is None or right is False or is_undefined(right):
        return False
    if isinstance(left, str):
        return str(right) in left
    if isinstance(left, list | tuple | range):
        return any(eq(one, right) for one in left)
    return isinstance(left, dict) and isinstance(right, str) and right in left


def make_range(literal: primitive.RangeLiteral, start: Any, stop: Any) -> range:
    made = _library_range(literal, start, stop)
    check_length(made.stop - made.start)
    return made


def to_int(_loop: loop.LoopExpression, value: Any, *, token: object) -> int:
    """A limit or offset; 0 when it is no number."""
    found = number(value)
    return 0 if found is None else int(found)


def dated(function: Callable[..., Any]) -> Callable[..., Any]:
    """The filter `date`, reading milliseconds since 1970 as rules do."""

    @wraps(function)
    def call(value: Any, *rest: Any, **options: Any) -> Any:
        count = number(value)
        if count is not None and abs(count) >= MILLISECONDS_FROM:
            value = int(count / 1000)
        return function(value, *rest, **options)

    return call


def install() -> None:
    """In this process, for good."""
    for module, name, function in (
        (logical, "_eq", eq),
        (case_tag, "_eq", eq),
        (logical, "_lt", lt),
        (logical, "_le", le),
        (logical, "_contains", contains),
        (primitive.RangeLiteral, "_make_range", make_range),
        (loop.LoopExpression, "_to_int", to_int),
    ):
        setattr(module, name, function)


def _is_scalar(value: object) -> bool:
    return isinstance(value, str | int | float)


def _pair(left: Any, right: Any) -> tuple[Any, Any] | None:
    """Both as numbers, where both are; else both as texts, where both are."""
    if (one := number(left)) is not None and (other := number(right)) is not None:
        return one, other
    return (left, right) if isinstance(left, str) and isinstance(right, str) else None
