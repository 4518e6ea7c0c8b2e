"""The clock that nobody sets: tasks go on though the time of day is set back."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
from celery import Celery
from celery.utils.imports import symbol_by_name

from console.celery import app as earshot
from console.clock import MonotonicScheduler
from console.timetable import TIMETABLE, Every


def test_a_task_is_due_at_once_and_then_once_an_interval() -> None:
    every = Every(0.05)
    ago = datetime.now(UTC)
    assert every.is_due(ago).is_due
    assert not every.is_due(ago).is_due
    time.sleep(0.06)
    assert every.is_due(ago).is_due


@pytest.mark.parametrize("hours", [-1, 1, -24 * 40])
def test_the_time_of_day_decides_nothing(hours: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """An hour back stopped every task for an hour."""
    app = Celery("test", broker="memory://", set_as_current=False)
    app.conf.beat_schedule = {name: {"task": name, "schedule": Every(0.01)} for name in ("often", "also")}
    scheduler, sent = MonotonicScheduler(app), []
    monkeypatch.setattr(scheduler, "apply_async", lambda entry, **_: sent.append(entry.task))
    scheduler.setup_schedule()

    def run() -> None:
        for _ in range(20):
            scheduler.tick()
            time.sleep(0.005)

    run()
    there = app.now
    monkeypatch.setattr(app, "now", lambda: there() + timedelta(hours=hours))
    sent.clear()
    run()
    assert {"often", "also"} <= set(sent)


def test_beat_in_a_process_of_its_own_has_the_same_clock() -> None:
    assert symbol_by_name(earshot.conf.beat_scheduler) is MonotonicScheduler


def test_all_that_is_to_be_done_is_timed_by_it() -> None:
    assert {type(entry["schedule"]) for entry in TIMETABLE.values()} == {Every}
