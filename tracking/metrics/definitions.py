"""One number, one definition: a function of this folder whose docstring says what is counted.

The same words stand in the page's tooltips, in the API's schema and in docs/metrics.md (a test keeps them equal).
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Definition:
    key: str
    title: str
    text: str
    numerator: str
    denominator: str


DEFINITIONS: dict[str, Definition] = {}


def number(title: str) -> Callable[[F], F]:
    """Register a function as the definition of a number: text, then `Numerator:` and `Denominator:` lines."""

    def register(function: F) -> F:
        text, _, parts = inspect.cleandoc(function.__doc__ or "").partition("\n\nNumerator: ")
        numerator, _, denominator = parts.partition("\nDenominator: ")
        key = function.__name__
        DEFINITIONS[key] = Definition(key, title, _line(text), _line(numerator), _line(denominator))
        return function

    return register


def _line(text: str) -> str:
    return " ".join(text.split())
