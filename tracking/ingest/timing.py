"""How long each step takes, per process: a number of passes and a sum of seconds under each name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

STEPS = ("parse", "authenticate", "validate", "resolve", "append", "acknowledge")
passes: dict[str, int] = dict.fromkeys(STEPS, 0)
seconds: dict[str, float] = dict.fromkeys(STEPS, 0.0)


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


def mean() -> dict[str, float]:
    """Mean milliseconds of each step so far."""
    return {step: round(seconds[step] / passes[step] * 1000, 4) for step in STEPS if passes[step]}
