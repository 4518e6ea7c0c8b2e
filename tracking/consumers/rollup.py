"""Counts."""

from __future__ import annotations

from tracking.consumers.runner import LogRange
from tracking.rollups import sql


def rollup(log_range: LogRange) -> None:
    sql.roll(log_range.after, log_range.upto, log_range.keys)
