"""What one rendering may do: the environment's own limits do not look inside an expression."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any

from liquid.exceptions import LiquidError

from messaging.errors import BadTemplate

LONGEST_TEXT = 20_000  # characters of one value
LONGEST_LIST = 2_000
LONGEST_REPLACED = 2_000_000  # characters: a text times what each of its characters may become
WIDEST_NUMBER = 256  # bits
MOST_DELIMITERS, MOST_UNCLOSED = 2_000, 20  # of {{ and {% in a template
BUDGET = 30_000  # of one rendering: a tag or filter costs 1, a filter 1 more for each 100 characters it is given
PADDED = re.compile(r"%\D?\d{3,}")  # a date format may pad by gigabytes

_left: ContextVar[list[int]] = ContextVar("liquid_budget")


@contextmanager
def budget() -> Iterator[None]:
    """One rendering's allowance of work; counted, not timed, so that a busy machine renders the same."""
    token = _left.set([BUDGET])
    try:
        yield
    finally:
        _left.reset(token)


def bounded(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """The filter, refusing (BadTemplate) too large values before and after it."""

    @wraps(function)
    def call(*values: Any, **options: Any) -> Any:
        for value in values:
            _check(name, value)
        charge(name, sum(len(value) for value in values if isinstance(value, str)))
        if name.startswith("replace"):
            _check_product(name, [len(value) for value in values if isinstance(value, str)])
        if name == "date" and any(PADDED.search(value) for value in values[1:] if isinstance(value, str)):
            raise BadTemplate("The Liquid does too much: the date format pads too far.")
        try:
            result = function(*values, **options)
        except BadTemplate:
            raise
        except (LiquidError, ArithmeticError, LookupError, TypeError, ValueError, AttributeError):
            if not _fits(function, values, options):
                raise
            return None  # of a value that the filter cannot work with, it knows nothing: `default` may say what then
        _check(name, result)
        return result

    return call


def _fits(function: Callable[..., Any], values: tuple[Any, ...], options: dict[str, Any]) -> bool:
    """Whether the author gave the filter as many arguments as it takes."""
    try:
        inspect.signature(function).bind(*values, **options)
    except TypeError:
        return False
    return True


def _check(name: str, value: Any) -> None:
    if (
        (isinstance(value, str) and len(value) > LONGEST_TEXT)
        or (isinstance(value, (list, tuple, range, dict)) and len(value) > LONGEST_LIST)
        or (isinstance(value, int) and value.bit_length() > WIDEST_NUMBER)
    ):
        raise BadTemplate(f"The Liquid does too much: “{name}” works on a value that is too large.")


def _check_product(name: str, lengths: list[int]) -> None:
    if lengths and lengths[0] * max(lengths[2:], default=1) > LONGEST_REPLACED:
        raise BadTemplate(f"The Liquid does too much: “{name}” makes a text that is too large.")


def check_delimiters(source: str) -> None:
    """Refuses a template that is slow to read: reading goes back to the end for each one that is not closed."""
    if source.count("{{") + source.count("{%") > MOST_DELIMITERS:
        raise BadTemplate(f"The Liquid does too much: it has more than {MOST_DELIMITERS:,} variables and tags.")
    for opens, closes in (("{{", "}}"), ("{%", "%}")):
        if source.count(opens, source.rfind(closes) + 1) > MOST_UNCLOSED:
            raise BadTemplate(f"The Liquid cannot be read: a {opens} is not closed by {closes}.")


def check_length(length: int) -> None:
    """Of a range, before anything goes through it."""
    if length > LONGEST_LIST:
        raise BadTemplate(f"The Liquid does too much: a range has more than {LONGEST_LIST:,} numbers.")


def charge(name: str, characters: int = 0) -> None:
    left = _left.get(None)
    if left is None:
        return
    left[0] -= 1 + characters // 100
    if left[0] < 0:
        raise BadTemplate(f"The Liquid does too much: “{name}” is used too often; shorten its loops.")
