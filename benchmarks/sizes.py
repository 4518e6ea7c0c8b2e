"""How much of everything. `--quick` shows that a benchmark works; its figures are worth little."""

from __future__ import annotations

import os

QUICK = os.environ.get("BENCH_QUICK") == "1"


def size(name: str, full: int, quick: int) -> int:
    return int(os.environ.get(f"BENCH_{name}", quick if QUICK else full))


SECONDS = size("SECONDS", 5, 1)  # of load in a round
ROUNDS = size("ROUNDS", 3, 1)
EVENTS = size("EVENTS", 500_000, 50_000)
PEOPLE = size("PEOPLE", 1_000_000, 50_000)
RESPONSES = size("RESPONSES", 10_000_000, 100_000)
PAGES = size("PAGES", 20, 5)  # requests of a page whose median counts
