"""What a benchmark says, as a table and as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median


@dataclass(frozen=True)
class Row:
    """One line of the table. `ratio` is ours to the reference; `bound` is what the design asks of it."""

    name: str
    value: float
    unit: str
    reference: float | None = None
    ratio: float | None = None
    bound: str = ""
    ok: bool | None = None
    note: str = ""


def at_least(name: str, unit: str, value: float, reference: float, bound: float, note: str = "") -> Row:
    ratio = value / reference
    return Row(name, value, unit, reference, ratio, f">= {bound:g}x", ratio >= bound, note)


def at_most(name: str, unit: str, value: float, reference: float, bound: float, note: str = "") -> Row:
    ratio = value / reference
    return Row(name, value, unit, reference, ratio, f"<= {bound:g}x", ratio <= bound, note)


def under(name: str, unit: str, value: float, bound: float, note: str = "") -> Row:
    return Row(name, value, unit, None, None, f"<= {bound:g} {unit}", value <= bound, note)


def equal(name: str, unit: str, value: float, reference: float, note: str = "") -> Row:
    return Row(name, value, unit, reference, value / reference, "the same", value == reference, note)


def interleaved(rounds: int, *runs: Callable[[], float]) -> list[float]:
    """Run all in turn, `rounds` times over, so that a noisy minute falls on all alike; the median of each."""
    figures: list[list[float]] = [[] for _ in runs]
    for _ in range(rounds):
        for found, run in zip(figures, runs, strict=True):
            found.append(run())
    return [median(found) for found in figures]


def show(rows: Iterable[Row]) -> None:
    print(f"{'':50} {'ours':>12} {'reference':>12} {'ratio':>8}  {'bound':14} ok   note")
    for row in rows:
        reference = "-" if row.reference is None else f"{row.reference:,.4g}"
        ratio = "-" if row.ratio is None else f"{row.ratio:.2f}"
        ok = {True: "yes", False: "NO", None: ""}[row.ok]
        ours = f"{row.value:,.4g} {row.unit}"
        print(f"{row.name:46} {ours:>16} {reference:>12} {ratio:>8}  {row.bound:14} {ok:4} {row.note}", flush=True)


def save(rows: Iterable[Row], path: Path) -> None:
    path.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n")
