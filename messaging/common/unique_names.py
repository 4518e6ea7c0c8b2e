"""One name per workspace, kept by the database: two who save it at once cannot both have it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from messaging.errors import NameTaken


@contextmanager
def named() -> Iterator[None]:
    """Turns the refusal of the constraint `..._name_once` into NameTaken; other refusals stay what they are."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "_name_once" not in str(error):
            raise
        raise NameTaken("Another one has this name; choose a different one.") from None


def copy_name(name: str, taken: Collection[str]) -> str:
    """“News (copy)”, “News (copy 2)” ...: the first that is free."""
    stem = f"{name[:105]} (copy"
    return next(n for i in range(1, 10_000) if (n := f"{stem})" if i == 1 else f"{stem} {i})") not in taken)
