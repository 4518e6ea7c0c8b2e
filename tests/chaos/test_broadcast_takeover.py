"""A worker killed with -9 while it sends a broadcast: another goes on from where it was, and nobody gets it twice."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from celery import Celery

from tests.chaos.stack import PATIENCE, WORKERS, Stack

pytestmark = pytest.mark.chaos

PEOPLE = 200_000  # some seconds of sending, in chunks of 20,000
TAKEN_OVER_WITHIN = 15
"""Seconds. It takes two to four on an idle machine; once it took 32."""


@pytest.fixture
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    stack = Stack(tmp_path_factory.mktemp("takeover"))
    try:
        stack.start_servers()
        for name in (*WORKERS, "beat"):
            stack.spawn(name)
        yield stack
    finally:
        stack.stop()


def wait(until: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + PATIENCE
    while not (found := until()):
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.05)
    return found


def worker_of_the_broadcast(app: Celery) -> str:
    """The worker that runs the task now; empty if none does."""
    for name, running in (app.control.inspect(timeout=0.3).active() or {}).items():
        if any(task["name"] == "messaging.tasks.send_broadcast" for task in running):
            return str(name).rpartition("@")[2]
    return ""


def test_another_worker_goes_on_with_the_broadcast_of_one_that_was_killed(stack: Stack) -> None:
    app = Celery(broker=stack.redis.url)
    wait(lambda: len(app.control.ping(timeout=0.5)) == len(WORKERS))
    broadcast = json.loads(stack.beside("broadcast", str(PEOPLE)))["broadcast"]
    with psycopg.connect(stack.postgres.url, autocommit=True) as database:

        def sent() -> int:
            row = database.execute("SELECT sent FROM messaging_broadcast WHERE id = %s", [broadcast]).fetchone()
            assert row
            return int(row[0])

        worker = wait(lambda: worker_of_the_broadcast(app))
        stack.kill(worker)
        killed, before = time.monotonic(), sent()
        assert before < PEOPLE
        wait(lambda: sent() > before)
        waited = time.monotonic() - killed
        print(f"{worker} killed at {before:,}; the other went on after {waited:.1f} s")  # noqa: T201
        assert waited < TAKEN_OVER_WITHIN
        wait(lambda: sent() == PEOPLE)
        wait(lambda: _column(database, "SELECT status FROM messaging_broadcast") == ["finished"])
        assert _column(database, "SELECT count(*) FROM messaging_delivery") == [PEOPLE]
        assert _column(database, "SELECT count(DISTINCT person_id) FROM messaging_delivery") == [PEOPLE]
        assert _column(database, "SELECT sum(count) FROM messaging_sendcount") == [PEOPLE]


def _column(database: psycopg.Connection[Any], query: str) -> list[Any]:
    return [row[0] for row in database.execute(query)]
