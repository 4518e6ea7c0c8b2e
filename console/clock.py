"""Celery's beat, as a thread of the worker: it only names tasks, and a process of its own costs 60 MB.

On several hosts let one worker have it: `EARSHOT_CLOCK=false` for the others (two clocks do no harm, only work).
`celery -A console.celery beat` is the same in its own process.
"""

from __future__ import annotations

import os
import time
from typing import Any

from celery.beat import EmbeddedService, Scheduler
from celery.signals import worker_ready, worker_shutting_down

running: list[Any] = []


class MonotonicScheduler(Scheduler):  # type: ignore[misc]
    """Celery's own orders tasks by the time of day, so an hour set back would stop all of them for an hour."""

    def _when(self, entry: Any, next_time_to_run: float | None, **_: Any) -> float:
        return time.monotonic() + (self.adjust(next_time_to_run) or 0)

    def apply_async(self, entry: Any, *args: Any, **kwargs: Any) -> Any:
        from console.health import heartbeats  # needs Django, which this module's other users do without

        named = super().apply_async(entry, *args, **kwargs)
        heartbeats.record("beat")
        return named


def start(sender: Any, **_: Any) -> None:
    if os.environ.get("EARSHOT_CLOCK", "true").lower() not in ("false", "0", "no", "off"):
        running.append(EmbeddedService(sender.app, thread=True, scheduler_cls=MonotonicScheduler))
        running[-1].start()


def stop(**_: Any) -> None:
    for clock in running:
        clock.service.stop(wait=False)


worker_ready.connect(start)
worker_shutting_down.connect(stop)
