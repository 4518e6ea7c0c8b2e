"""What the line did in this process: passes and seconds of each step, and how many items got which verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter


class Step:
    """How often, and how long."""

    __slots__ = ("passes", "seconds")

    def __init__(self) -> None:
        self.passes, self.seconds = 0, 0.0

    def add(self, seconds: float) -> None:
        self.passes += 1
        self.seconds += seconds

    @contextmanager
    def timed(self) -> Iterator[None]:
        """Also where it fails."""
        start = perf_counter()
        try:
            yield
        finally:
            self.add(perf_counter() - start)


parse, authenticate, validate, resolve, append, acknowledge = (Step() for _ in range(6))
STEPS = {
    "parse": parse,
    "authenticate": authenticate,
    "validate": validate,
    "resolve": resolve,
    "append": append,
    "acknowledge": acknowledge,
}
verdicts: Counter[str] = Counter()
"""accepted, duplicate, or the code of a rejection."""
