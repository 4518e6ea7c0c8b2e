"""Mutants that change nothing, each with the reason: tests/mutants.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from tests.mutants.mutant import Mutant

LIST = "tests/mutants.toml"


@dataclass(frozen=True, slots=True)
class Equal:
    path: str
    gone: str
    come: str
    reason: str


def listed(root: Path) -> list[Equal]:
    file = root / LIST
    found = tomllib.loads(file.read_text()) if file.is_file() else {}
    return [Equal(path, one["gone"], one["come"], one["reason"]) for path, ones in found.items() for one in ones]


def changes_nothing(mutant: Mutant, known: list[Equal]) -> bool:
    return any((mutant.path, *mutant.change) == (one.path, one.gone, one.come) for one in known)
