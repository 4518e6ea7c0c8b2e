"""A mutant: one module with one mistake in it."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Mutant:
    path: str
    line: int
    operator: str
    before: str
    after: str

    @property
    def change(self) -> tuple[str, str]:
        """The lines that it takes out and those that it puts in, without indentation: what names it in a list."""
        lines = self.diff().splitlines()[3:]
        gone, come = ([line[1:].strip() for line in lines if line.startswith(sign)] for sign in "-+")
        return "\n".join(gone), "\n".join(come)

    def diff(self) -> str:
        before, after = self.before.splitlines(), self.after.splitlines()
        lines = difflib.unified_diff(before, after, self.path, f"{self.path} ({self.operator})", n=2, lineterm="")
        return "\n".join(lines)


class Place(Protocol):
    """Where a mistake can be planted, and which."""

    @property
    def path(self) -> str: ...
    @property
    def line(self) -> int: ...
    @property
    def operator(self) -> str: ...

    def mutant(self) -> Mutant | None:
        """None where the mistake changes nothing, or makes what is no program."""
