"""Filters that refuse what grows without end: the environment's own limits do not look inside an expression."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any

from messaging.errors import BadTemplate

LONGEST_TEXT = 20_000  # characters of one value
LONGEST_LIST = 2_000
LONGEST_REPLACED = 2_000_000  # characters: a text times what each of its characters may become
WIDEST_NUMBER = 256  # bits
BUDGET = 100_000  # of one rendering: a filter costs 1, and 1 more for each 100 characters it is given
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
        _spend(name, sum(len(value) for value in values if isinstance(value, str)))
        if name.startswith("replace"):
            _check_product(name, [len(value) for value in values if isinstance(value, str)])
        if name == "date" and any(PADDED.search(value) for value in values[1:] if isinstance(value, str)):
            raise BadTemplate("The Liquid does too much: the date format pads too far.")
        result = function(*values, **options)
        _check(name, result)
        return result

    return call


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


def _spend(name: str, characters: int) -> None:
    left = _left.get(None)
    if left is None:
        return
    left[0] -= 1 + characters // 100
    if left[0] < 0:
        raise BadTemplate(f"The Liquid does too much: “{name}” is used too often; shorten its loops.")
