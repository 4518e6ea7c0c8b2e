"""Two hosts on one database and one Redis, each with a data folder of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests import stacks
from tests.chaos.reporter import Reporter, manage

pytestmark = pytest.mark.chaos


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[stacks.Running]:
    running = stacks.start(tmp_path_factory.mktemp("first") / "data")
    yield running
    running.stop()


def servers_of(first: stacks.Running) -> dict[str, str]:
    return {"DATABASE_URL": first.note["database_url"], "REDIS_URL": first.note["redis_url"]}


def key_of(first: stacks.Running) -> str:
    return (first.data / "secret_key").read_text().strip()


def credentials(first: stacks.Running) -> list[tuple[object, ...]]:
    with psycopg.connect(first.note["database_url"]) as database:
        return [
            *database.execute("SELECT id, password FROM console_user ORDER BY id").fetchall(),
            *database.execute("SELECT id, kind, digest, revoked_at FROM console_apikey ORDER BY id").fetchall(),
        ]


def test_a_host_with_a_key_of_its_own_is_refused_and_changes_nothing(first: stacks.Running, tmp_path: Path) -> None:
    before = credentials(first)
    refused = manage(tmp_path, "up", **servers_of(first))
    assert refused.returncode == 1
    [line] = [line for line in refused.stderr.splitlines() if line.startswith("earshot:")]
    assert "SECRET_KEY" in line
    assert "Traceback" not in refused.stderr
    assert credentials(first) == before


def test_a_host_with_the_same_key_shares_the_work_and_leaves_the_credentials(
    first: stacks.Running, tmp_path: Path
) -> None:
    before = credentials(first)
    second = stacks.start(tmp_path / "data", SECRET_KEY=key_of(first), **servers_of(first))
    try:
        assert second.note["login"] is None
        assert not (second.data / "demo.json").exists()
        here = Reporter(first.note)
        there = Reporter(second.note | {"write_key": first.note["write_key"]})
        for _ in range(20):
            assert here.tap()
            assert there.tap()
        there.expect_all(first.data)
    finally:
        second.stop()
    assert here.tap()
    here.expect_all(first.data)
    assert credentials(first) == before
