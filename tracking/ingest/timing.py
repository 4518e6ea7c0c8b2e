"""What the line did in this process: passes and seconds of each step, and how many items got which verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

STEPS = ("parse", "authenticate", "validate", "resolve", "append", "acknowledge")
passes: dict[str, int] = dict.fromkeys(STEPS, 0)
seconds: dict[str, float] = dict.fromkeys(STEPS, 0.0)
verdicts: Counter[str] = Counter()
"""accepted, duplicate, or the code of a refusal."""


def add(step: str, since: float) -> float:
    """Book the time since `since` under `step`; returns the time now, where the next step begins."""
    now = perf_counter()
    passes[step] += 1
    seconds[step] += now - since
    return now


@contextmanager
def timed(step: str) -> Iterator[None]:
    start = perf_counter()
    try:
        yield
    finally:
        add(step, start)
