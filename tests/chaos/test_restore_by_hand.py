"""A database that is brought into another cluster, and a web process that is started before `prepare` has run."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from console.runtime.embedded import free_port
from tests import stacks
from tests.chaos.reporter import Reporter, eventually, manage
from tests.chaos.saving import Saved

pytestmark = pytest.mark.chaos


@pytest.fixture
def external() -> Iterator[str]:
    """The address of an empty database."""
    name = f"by_hand_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        yield urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def web_alone(data: Path, **settings: str) -> Iterator[str]:
    """A web process without `up`, which is where `prepare` would have been run. Gives its URL."""
    port = free_port()
    command = [sys.executable, "-m", "console.runtime.server", "web", "--port", str(port)]
    environment = stacks.environment(data, DJANGO_SETTINGS_MODULE="console.settings", **settings)
    with (data / "web.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=stacks.ROOT, env=environment, stdout=log, stderr=log)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)


def move_ids_ahead(url: str) -> None:
    """As in a log that another, older cluster wrote."""
    with psycopg.connect(url) as database:
        database.execute("UPDATE tracking_event SET tx = tx + 1000000000")
        database.execute("UPDATE tracking_watermark SET tx = tx + 1000000000")


def test_reports_to_a_restored_log_that_nobody_prepared_are_counted_once_it_is(
    saved: Saved, external: str, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    settings = {"DATABASE_URL": external, "SECRET_KEY": saved.key}
    assert manage(data, "restore", "--as-copy", saved.file, **settings).returncode == 0
    running = stacks.start(data, **settings)
    reporter = Reporter(running.note | {"write_key": saved.write_key})
    assert reporter.tap()
    eventually(lambda: reporter.responses() == len(reporter.acknowledged))
    assert running.stop() == 0

    move_ids_ahead(external)
    with web_alone(data, **settings, REDIS_URL=os.environ["REDIS_URL"]) as url:
        reporter.note["url"] = url
        eventually(lambda: reporter.readiness()[0])
        status, checks = reporter.readiness()
        assert status == 503
        assert "manage.py prepare" in checks["event_log"]
        reporter.tap()

    running = stacks.start(data, **settings)
    try:
        reporter.note["url"] = running.note["url"]
        assert reporter.tap()
        assert reporter.readiness()[0] == 200
        reporter.expect_all(data)
    finally:
        running.stop()
