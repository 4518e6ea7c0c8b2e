"""What a hot path gets from the server: a whole request, to answer now or later, or to leave to the application."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

Headers = Sequence[tuple[str, str]]


class HandlerRequest(Protocol):
    """A POST to a hot path."""

    @property
    def path(self) -> str: ...

    @property
    def content(self) -> bytes:
        """The body; a little more than any handler allows at most."""

    def header(self, name: bytes) -> str:
        """What stands under this lower-case name, or nothing."""

    def answer(self, status: int, body: bytes, content_type: str = "application/json", headers: Headers = ()) -> None:
        """Write the answer. Whoever has left meanwhile gets none; nobody gets two."""


FastHandler = Callable[[HandlerRequest], bool]
"""True: it sees to it that the request is answered, once. False: the application is to answer. It must not block."""
