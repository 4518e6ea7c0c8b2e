"""What a new message starts from. Starters register themselves in the modules of this package."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from messaging.messages.gallery.registry import Starter, starters

for _module in iter_modules(__path__, f"{__name__}."):
    import_module(_module.name)

STARTERS: tuple[Starter, ...] = starters()


def draft_of(key: str) -> dict[str, Any]:
    """A fresh draft, with ids of its own. Raises KeyError for a starter that is not there."""
    return {one.key: one for one in STARTERS}[key].make()


__all__ = ["STARTERS", "Starter", "draft_of"]
