"""One area: its mutants in the order of the sample, until the time is over, by all workers at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tests.mutants.equal import Equal, changes_nothing
from tests.mutants.mutant import Mutant, Place
from tests.mutants.tree import Planted
from tests.mutants.workers import Outcome, Worker

SLOWER = 4
"""So many times as long as without a mistake (and ten seconds) may a run take: then it hangs, and that is noticed."""


@dataclass(slots=True)
class Result:
    killed: int = 0
    survivors: list[Mutant] = field(default_factory=list)
    equal: int = 0

    @property
    def asked(self) -> int:
        return self.killed + len(self.survivors)


class Broken(Exception):
    """The tests fail without any mistake."""


class Campaign:
    """`tests` are the narrow tests by module; a tree and a worker each work at one mutant at a time."""

    def __init__(self, tests: dict[str, list[str]], crew: list[tuple[Path, Worker]], known: list[Equal]) -> None:
        self.tests, self.crew, self.known = tests, crew, known
        self.sound: dict[tuple[str, ...], Outcome] = {}
        self.taking = threading.Lock()
        self.learning = threading.Lock()

    def run(self, places: list[Place], end: float | None, told: Callable[[Mutant, bool], None]) -> Result:
        """Work through `places` until `end` (of `time.monotonic`), telling of each mutant whether it is killed."""
        result = Result()
        left = iter(places)
        with ThreadPoolExecutor(len(self.crew)) as threads:
            going = [threads.submit(self.work, *one, left, end, result, told) for one in self.crew]
            for one in going:
                one.result()
        return result

    def work(
        self,
        tree: Path,
        worker: Worker,
        left: Iterator[Place],
        end: float | None,
        result: Result,
        told: Callable[[Mutant, bool], None],
    ) -> None:
        while end is None or time.monotonic() < end:
            with self.taking:
                place = next(left, None)
                mutant = place and place.mutant()
            if place is None:
                return
            if mutant is None:
                continue
            if changes_nothing(mutant, self.known):
                result.equal += 1
                continue
            killed = self.kills(tree, worker, mutant)
            with self.taking:
                if killed:
                    result.killed += 1
                else:
                    result.survivors.append(mutant)
                told(mutant, killed)

    def kills(self, tree: Path, worker: Worker, mutant: Mutant) -> bool:
        tests = self.tests[mutant.path]
        if not tests:
            return False
        seconds = self.seconds_without(worker, tests) * SLOWER + 10
        with Planted(tree, mutant.path, mutant.after):
            return not worker.run(tests, seconds).passed

    def seconds_without(self, worker: Worker, tests: list[str]) -> float:
        """How long the tests take where nothing is wrong, asked once."""
        with self.learning:
            key = tuple(tests)
            if key not in self.sound:
                self.sound[key] = worker.run(tests, 600, write=True)
            if not self.sound[key].passed:
                raise Broken(f"{' '.join(tests)} fails without a mistake:\n{self.sound[key].output}")
            return self.sound[key].seconds
