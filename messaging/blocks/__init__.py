"""Kinds of blocks: each is a module of this package, named as its kind, and one in JavaScript that draws it."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Union

from messaging.blocks.base import Block

_MODULES = sorted(found.name for found in iter_modules(__path__) if found.name != "base")

for _name in _MODULES:
    import_module(f"{__name__}.{_name}")

KINDS: dict[str, type[Block]] = {str(kind.__struct_config__.tag): kind for kind in Block.__subclasses__()}
"""Every kind under the name that it has in JSON."""

if TYPE_CHECKING:
    AnyBlock = Block
else:
    AnyBlock = Union[tuple(KINDS.values())]  # noqa: UP007 the reader of JSON wants the kinds one by one
