"""What holds for the code as a whole: small modules, and nobody but a kind's own module asks for its name."""

from __future__ import annotations

import re
from pathlib import Path
from statistics import median

from messaging import blocks

ROOT = Path(__file__).resolve().parent.parent
APPS = ("console", "messaging", "tracking")
SCRIPTS = ("static/js", "static/renderer", "static/sdk/src", "static/blocks")
MODULES = [path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts]
SOURCES = [*MODULES, *(path for folder in SCRIPTS for path in (ROOT / folder).rglob("*.js"))]
LONGEST, MIDDLE = 250, 65  # lines
KIND = "|".join(sorted(blocks.KINDS))
ASKS = re.compile(rf"""(===?|!==?|\bin\b|\bcase)\s*\(?\s*["'](?:{KIND})["']|isinstance\(\s*block\b""")
ABOUT_BLOCKS = re.compile(r"\bblock\w*\.kind|\.kind\b.*\bblock|isinstance\(\s*block\b")


def lines(path: Path) -> list[str]:
    return path.read_text().splitlines()


def test_modules_are_small() -> None:
    long = {str(path.relative_to(ROOT)): len(lines(path)) for path in SOURCES if len(lines(path)) > LONGEST}
    assert long == {}
    assert median(len(lines(path)) for path in MODULES if lines(path)) <= MIDDLE


def test_nobody_but_its_module_asks_for_the_kind_of_a_block() -> None:
    own = {"messaging/blocks", "static/blocks"}
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in SOURCES
        if str(path.relative_to(ROOT).parent) not in own
        for number, line in enumerate(lines(path), 1)
        if ASKS.search(line) and ABOUT_BLOCKS.search(line)
    ]
    assert found == []
