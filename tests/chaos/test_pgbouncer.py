"""Debian's pgbouncer before the database: in session mode all goes well, in the others no process starts."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import psycopg
import pytest

from console.runtime import pooler
from console.runtime.embedded import Postgres, free_port
from tests import poolers, stacks

pytestmark = [pytest.mark.chaos, poolers.needed]

REFUSED = "set pool_mode = session, or connect to PostgreSQL itself"
PROCESSES = {
    "up": ["manage.py", "up"],
    "prepare": ["manage.py", "prepare"],
    "web": ["-m", "console.runtime.server", "web", "--port", "{port}"],
    "live": ["-m", "console.runtime.server", "live", "--port", "{port}"],
    "worker": ["-W", "ignore", "-m", "celery", "--app", "console.celery", "--quiet", "worker", "--pool", "threads"],
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    postgres = Postgres(tmp_path_factory.mktemp("pgbouncer") / "postgres", durable=False)
    postgres.start()
    yield postgres
    postgres.stop()


@pytest.fixture
def at(server: Postgres, tmp_path: Path) -> Iterator[Any]:
    """Makes a pgbouncer in the mode that is asked for; gives the URL of an empty database through it."""
    with ExitStack() as stack:

        def make(mode: str, **over: int) -> str:
            name = f"over_{mode}_{len(list(tmp_path.iterdir()))}"
            server.ask(f'DROP DATABASE IF EXISTS "{name}"')
            server.ask(f'CREATE DATABASE "{name}"')
            folder = tmp_path / f"pgbouncer-{len(list(tmp_path.iterdir()))}"
            return stack.enter_context(poolers.pgbouncer(server, folder, mode, **over)) + name

        yield make


def refusal(url: str) -> str | None:
    return pooler.why_refused_now({"conninfo": url, "connect_timeout": 5})


@pytest.mark.parametrize("turns", [0, 1])
@pytest.mark.parametrize("busy", [0, 6])
def test_a_pool_of_transactions_is_seen_with_one_backend_and_with_many(at: Any, turns: int, busy: int) -> None:
    url = at("transaction", turns=turns)
    others = [psycopg.connect(url) for _ in range(busy)]
    for other in others:  # each holds a backend of its own for a moment, so that the pool has as many
        other.execute("SELECT 1")
    for other in others:
        other.rollback()
    for _ in range(5):
        assert "pool_mode = transaction" in (refusal(url) or "")


def test_a_pool_of_statements_is_seen(at: Any) -> None:
    assert "pool_mode = statement" in (refusal(at("statement")) or "")


def test_a_pool_of_one_session_is_refused_and_not_waited_for(at: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pooler, "PATIENCE", 1.0)
    assert "no second connection was given within 1 s" in (refusal(at("session", size=1)) or "")


def test_sessions_and_a_database_without_a_pooler_are_taken(at: Any, server: Postgres) -> None:
    assert refusal(at("session")) is None
    assert refusal(f"postgres://postgres@/earshot?host={quote(str(server.sockets), safe='/')}") is None


@pytest.mark.parametrize("process", PROCESSES)
def test_no_process_starts_on_a_pool_of_transactions(at: Any, server: Postgres, tmp_path: Path, process: str) -> None:
    url = at("transaction")
    environment = stacks.environment(
        tmp_path / "data", DATABASE_URL=url, REDIS_URL=os.environ["REDIS_URL"], EARSHOT_LOG_LEVEL="WARNING",
        DJANGO_SETTINGS_MODULE="console.settings",
    )  # fmt: skip
    command = [sys.executable, *(word.format(port=free_port()) for word in PROCESSES[process])]
    done = subprocess.run(command, env=environment, cwd=stacks.ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert len([line for line in done.stderr.splitlines() if REFUSED in line]) == 1
    with psycopg.connect(f"postgres://postgres@/{url.rpartition('/')[2]}?host={server.sockets}") as connection:
        assert connection.execute("SELECT count(*) FROM pg_class WHERE relname LIKE 'django%'").fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'").fetchone() == (0,)


def test_over_sessions_all_goes_well_at_the_second_start_too(at: Any, tmp_path: Path) -> None:
    url = at("session")
    for start in (1, 2):
        running = stacks.start(tmp_path / "data", DATABASE_URL=url, EARSHOT_WORKERS="2")
        try:
            statuses = report(running.note, 400)
            assert statuses == [200] * 400
            assert in_the_log(url) == 400 * start
        finally:
            assert running.stop() == 0


def report(note: dict[str, Any], number: int) -> list[int]:
    def send(n: int) -> int:
        link = http.client.HTTPConnection(urlsplit(note["url"]).netloc, timeout=20)
        call = {"userId": f"pooled-{n % 20}", "event": "Pooled", "type": "track"}
        link.request("POST", "/v1/track", json.dumps(call), {"Authorization": f"Bearer {note['write_key']}"})
        return link.getresponse().status

    with ThreadPoolExecutor(16) as threads:
        return list(threads.map(send, range(number)))


def in_the_log(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM tracking_event WHERE name = 'Pooled'").fetchone()
    assert row
    return int(row[0])
