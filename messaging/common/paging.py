from __future__ import annotations

from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest

M = TypeVar("M", bound=Model)
SIZE = 25
FARTHEST = 10_000


class Slice(Generic[M]):
    """A page of rows for `components/pager.html`, found without counting the whole table."""

    paginator: dict[str, Any] = {}

    def __init__(self, rows: QuerySet[M], number: int, size: int = SIZE) -> None:
        found = list(rows[(number - 1) * size : number * size + 1])
        self.number, self.object_list, self._more = number, found[:size], len(found) > size

    def __iter__(self) -> Any:
        return iter(self.object_list)

    def __len__(self) -> int:
        return len(self.object_list)

    @property
    def has_next(self) -> bool:
        return self._more

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def has_other_pages(self) -> bool:
        return self.has_next or self.has_previous

    @property
    def next_page_number(self) -> int:
        return self.number + 1

    @property
    def previous_page_number(self) -> int:
        return self.number - 1


def page_of(request: HttpRequest, rows: QuerySet[M], size: int = SIZE) -> Slice[M]:
    given = request.GET.get("page", "1")
    number = int(given) if given.isascii() and given.isdigit() and len(given) < 6 else 1
    return Slice(rows, min(max(number, 1), FARTHEST), size)
