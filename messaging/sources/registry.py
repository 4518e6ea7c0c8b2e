"""The kinds of sources. Each registers itself in the `source.py` of its folder; nothing else lists them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from messaging.common.source_kinds import SourceKind
from messaging.sources.forms import SourceForm
from messaging.sources.models import Source


@dataclass(frozen=True, slots=True)
class SourceType:
    """`slug` stands in addresses, `page` is the URL name of one such source, and of its list with an `s`."""

    slug: str
    page: str
    model: type[Source]
    form: type[SourceForm]
    create: Callable[..., Source]

    @property
    def kind(self) -> SourceKind:
        return self.model.KIND

    def rows(self) -> Any:
        return self.model._default_manager


_BY_KIND: dict[int, SourceType] = {}


def register(entry: SourceType) -> None:
    _BY_KIND[entry.kind] = entry


def all_types() -> list[SourceType]:
    return [_BY_KIND[kind] for kind in sorted(_BY_KIND)]


def by_kind(kind: int) -> SourceType | None:
    return _BY_KIND.get(kind)


def by_slug(slug: str) -> SourceType | None:
    return next((entry for entry in _BY_KIND.values() if entry.slug == slug), None)


def type_of(source: Source) -> SourceType:
    return _BY_KIND[source.KIND]
