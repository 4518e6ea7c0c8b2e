"""`make mutants`: see docs/mutants.md.

MUTANTS=all takes every mutant instead of a sample; MINUTES bounds a sample (20); AREA and T take one area, one module;
SEED chooses another sample; JOBS is how many mutants are asked at a time (as many as there are processors).
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from tests.mutants import javascript, python, tree
from tests.mutants.campaign import Broken, Campaign, Result
from tests.mutants.equal import listed
from tests.mutants.mutant import Mutant, Place
from tests.mutants.sample import in_order
from tests.mutants.workers import Node, Python, Worker
from tests.narrow import ROOT, areas

LEAST = 0.85
"""Of the mutants of an area so many must be killed, or the run fails."""


def chosen() -> dict[str, dict[str, list[str]]]:
    area, module = os.environ.get("AREA"), os.environ.get("T")
    found = {
        name: {path: narrow(path, tests) for path, tests in modules.items() if module in (None, "", path)}
        for name, modules in areas().items()
        if area in (None, "", name)
    }
    return {name: modules for name, modules in found.items() if modules}


def narrow(path: str, tests: list[str]) -> list[str]:
    """Those in the module's own language: a browser is too slow to be asked of every mistake."""
    return [test for test in tests if test.partition("::")[0].endswith(Path(path).suffix)]


def tell(mutant: Mutant, killed: bool) -> None:
    sys.stderr.write("." if killed else f"\nsurvived {mutant.path}:{mutant.line} ({mutant.operator})\n")
    sys.stderr.flush()


def all_places(modules: dict[str, list[str]], root: Path) -> list[Place]:
    script = [path for path in modules if path.endswith(".js")]
    return [
        *javascript.places(script, root),
        *(place for path in modules if path.endswith(".py") for place in python.places(path, root)),
    ]


class Crew:
    """By language, a tree and a worker for each mutant that is asked at the same time; started when first needed."""

    def __init__(self, source: Path, folder: Path, stack: ExitStack) -> None:
        self.source, self.folder, self.stack = source, folder, stack
        self.found: dict[str, list[tuple[Path, Worker]]] = {}

    def of(self, modules: dict[str, list[str]]) -> list[tuple[Path, Worker]]:
        suffixes = {Path(path).suffix for path in modules}
        if len(suffixes) != 1:
            raise SystemExit(f"An area has modules of one language: {', '.join(modules)}")
        suffix = suffixes.pop()
        if suffix not in self.found:
            jobs = int(os.environ.get("JOBS") or os.cpu_count() or 1)
            self.found[suffix] = [self.start(suffix, f"{suffix[1:]}{number}") for number in range(jobs)]
        return self.found[suffix]

    def start(self, suffix: str, name: str) -> tuple[Path, Worker]:
        place = self.folder / f"tree-{name}"
        shutil.copytree(self.source, place, symlinks=True)
        worker = Node(place) if suffix == ".js" else Python(place, self.folder / f"servers-{name}")
        self.stack.callback(worker.close)
        return place, worker


def run(selected: dict[str, dict[str, list[str]]]) -> dict[str, Result]:
    seed, sample = os.environ.get("SEED") or "1", os.environ.get("MUTANTS") != "all"
    end = time.monotonic() + float(os.environ.get("MINUTES") or 20) * 60
    results = {}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="earshot-mutants-")))
        source = folder / "source"
        tree.copy(ROOT, source)  # at once: whoever goes on working meanwhile does not disturb the run
        crew = Crew(source, folder, stack)
        for number, (name, modules) in enumerate(selected.items()):
            now = time.monotonic()
            share = now + (end - now) / (len(selected) - number) if sample else None
            places = in_order(all_places(modules, source), f"{seed} {name}")
            try:
                results[name] = Campaign(modules, crew.of(modules), listed(source)).run(places, share, tell)
            except Broken as broken:  # what the other areas found is not lost
                sys.stderr.write(f"\n{name}: {broken}\n")
    return results


def report(results: dict[str, Result]) -> int:
    for result in results.values():
        for mutant in sorted(result.survivors, key=lambda mutant: (mutant.path, mutant.line)):
            print(mutant.diff(), end="\n\n")
    for name, result in results.items():
        share = result.killed / result.asked if result.asked else 1
        print(f"{name:10} killed {result.killed:4} of {result.asked:4} ({share:.0%})" + " below 85 %" * (share < LEAST))
    print(f"killed {sum(one.killed for one in results.values())} of {sum(one.asked for one in results.values())}")
    return int(any(one.asked and one.killed / one.asked < LEAST for one in results.values()))


def main() -> int:
    selected = chosen()
    if not selected:
        sys.stderr.write("tests/map.toml has no such area or module.\n")
        return 2
    results = run(selected)
    return max(report(results), 2 * (len(results) < len(selected)))


if __name__ == "__main__":
    raise SystemExit(main())
