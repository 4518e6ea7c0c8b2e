"""The consumers of the event log: each works off whole transactions in their order, behind a watermark of its own."""

from __future__ import annotations

from tracking.consumers.lag import Lag, lag
from tracking.consumers.registry import CONSUMERS, NAMES
from tracking.consumers.runner import Consumer, behind, catch_up, hold, step

__all__ = ["CONSUMERS", "NAMES", "Consumer", "Lag", "catch_up", "hold", "lag", "run_all", "step"]


def run_all() -> int:
    """Let every consumer catch up; returns how many chunks were done. Any number of workers may do this at once."""
    return catch_up(behind(CONSUMERS))
