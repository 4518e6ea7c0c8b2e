"""All places in JavaScript modules where a mistake can be planted, by Stryker's instrumenter."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.mutants.mutant import Mutant
from tests.narrow import ROOT


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    path: str
    line: int
    operator: str
    module: str
    after: str

    def mutant(self) -> Mutant:
        return Mutant(self.path, self.line, self.operator, self.module, self.after)


def places(paths: Iterable[str], root: Path) -> list[Place]:
    """None inside prose, whose wording is no behaviour."""
    paths = list(paths)
    if not paths:
        return []
    modules = {path: (root / path).read_text() for path in paths}
    command = [str(ROOT / "bin/node"), str(ROOT / "tests/mutants/javascript.mjs"), *paths]
    said = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
    return [
        Place(one["path"], one["line"], one["operator"], modules[one["path"]], one["after"])
        for one in json.loads(said)
        if not (one["operator"] == "StringLiteral" and " " in one["before"])
    ]
