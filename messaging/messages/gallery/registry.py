from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Make = Callable[[], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Starter:
    """A card of the gallery, and the draft that it makes. `order` is its place among the others."""

    key: str
    order: float
    title: str
    text: str
    make: Make


_KNOWN: dict[str, Starter] = {}


def starter(key: str, order: float, title: str, text: str) -> Callable[[Make], Make]:
    """Registers the function that makes the draft."""

    def register(make: Make) -> Make:
        _KNOWN[key] = Starter(key, order, title, text, make)
        return make

    return register


def starters() -> tuple[Starter, ...]:
    return tuple(sorted(_KNOWN.values(), key=lambda one: one.order))
