"""An operator's day, from `docs/operations.md` alone: every command of that page is run, and nothing is lost by it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from celery import Celery

from console.runtime.supervisor.run import answers
from tests import stacks
from tests.chaos.operations import PASSWORD, Day, commands
from tests.chaos.reporter import Reporter, eventually, manage

pytestmark = pytest.mark.chaos


TRIED = {"manage.py up"}  # what stacks.start runs


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[stacks.Running]:
    running = stacks.start(tmp_path_factory.mktemp("operations") / "data")
    yield running
    running.stop()


@pytest.fixture(scope="module")
def day(running: stacks.Running) -> Day:
    return Day(running.data.parent)


@pytest.fixture(scope="module")
def reporter(running: stacks.Running) -> Reporter:
    return Reporter(running.note)


def single(running: stacks.Running) -> dict[str, str]:
    """The settings of a process that is started singly, beside `up`."""
    return {
        "DATABASE_URL": running.note["database_url"],
        "REDIS_URL": running.note["redis_url"],
        "SECRET_KEY": (running.data / "secret_key").read_text().strip(),
        "DJANGO_SETTINGS_MODULE": "console.settings",
    }


def runs(*these: str) -> pytest.MarkDecorator:
    """The commands of the page that a test runs, one by one."""
    TRIED.update(these)
    return pytest.mark.parametrize("command", these)


@runs("manage.py doctor")
def test_the_installation_finds_nothing_wrong(day: Day, reporter: Reporter, command: str) -> None:
    eventually(lambda: reporter.readiness()[1]["status"] == "ok")  # signs of life of the worker and of beat
    assert set(re.findall(r"^\S+ +(.*)$", day.run(command), re.MULTILINE)) == {"ok"}


@runs("manage.py createsuperuser")
def test_an_administrator_is_made(day: Day, running: stacks.Running, command: str) -> None:
    day.answer(command, "admin@example.org", PASSWORD, PASSWORD)
    with psycopg.connect(running.note["database_url"]) as database:
        query = "SELECT is_superuser FROM console_user WHERE email = 'admin@example.org'"
        assert database.execute(query).fetchone() == (True,)


@runs("manage.py changepassword")
def test_a_forgotten_password_is_set(day: Day, running: stacks.Running, command: str) -> None:
    def hashes() -> dict[str, str]:
        with psycopg.connect(running.note["database_url"]) as database:
            return dict(database.execute("SELECT email, password FROM console_user").fetchall())

    before, owner = hashes(), running.note["login"]["email"]
    day.answer(f"{command} {owner}", PASSWORD, PASSWORD)
    assert {email for email, value in hashes().items() if before[email] != value} == {owner}


@runs("manage.py reprocess --since 2026-11-01")
def test_counting_again_counts_nothing_twice(day: Day, reporter: Reporter, command: str) -> None:
    assert reporter.tap()
    day.run(re.sub(r"[\d-]+$", f"{datetime.now(UTC):%Y-%m-%d}", command))
    reporter.expect_taps()


@runs(
    "manage.py retry_dead_letters",
    "manage.py retry_dead_letters --consumer rollup",
    "manage.py prune --sure",
    "manage.py prepare",
    "manage.py check_counts",
)
def test_beside_all_that_runs_it_ends_well_and_loses_nothing(
    day: Day, running: stacks.Running, reporter: Reporter, command: str
) -> None:
    day.run(command)
    assert reporter.tap()
    reporter.expect_taps()


@runs(
    "-m console.runtime.server web --host 0.0.0.0 --port 8000 --workers 2",
    "-m console.runtime.server live --host 0.0.0.0 --port 8001",
)
def test_a_server_is_started_singly(day: Day, running: stacks.Running, command: str) -> None:
    with day.started(command, **single(running)) as process:
        port = int(process.args[process.args.index("--port") + 1])  # type: ignore[index, union-attr]
        eventually(lambda: answers("127.0.0.1", port, "/healthz"))


@runs("celery -A console.celery worker --pool threads")
def test_a_worker_is_started_singly(day: Day, running: stacks.Running, command: str) -> None:
    app = Celery(broker=running.note["redis_url"])
    with day.started(f"{command} --hostname second", EARSHOT_CLOCK="false", **single(running)):
        eventually(lambda: any("second" in name for answer in app.control.ping(timeout=2) for name in answer))


@runs("manage.py replace_demo_credentials")
def test_new_credentials_end_the_old_ones(day: Day, reporter: Reporter, command: str) -> None:
    day.run(command)
    assert not reporter.tap()
    reporter.note["write_key"] = json.loads((day.data / "demo.json").read_text())["write_key"]
    reporter.expect_taps()


@runs("manage.py backup", "manage.py backup /mnt/backups/today.zip")
def test_a_backup_is_written(day: Day, command: str) -> None:
    written = day.run(command).partition(": ")[0]
    assert Path(written).parent in (day.data / "backups", day.backups)
    assert Path(written).stat().st_size > 100_000


@runs("manage.py upgrade --check [FILE]")
def test_an_upgrade_is_tried_on_a_copy(day: Day, command: str) -> None:
    assert "can be upgraded to this version" in day.run(command)


@runs("manage.py restore /mnt/backups/today.zip", "manage.py restore --replace")
def test_the_backup_is_restored(day: Day, command: str) -> None:
    more = [] if "today" in command else [str(day.backups / "today.zip")]
    day.run(command, *more, data=day.copy)
    assert (day.copy / "postgres" / "PG_VERSION").exists()


@runs("manage.py accept_secret_key")
def test_a_lost_key_is_replaced_where_no_up_can_start(day: Day, command: str) -> None:
    (day.copy / "secret_key").unlink()
    refused = manage(day.copy, "up")
    assert refused.returncode == 1
    assert "`manage.py accept_secret_key` takes this one" in refused.stderr
    day.run(command, data=day.copy)


@runs("make run")
def test_the_restored_installation_goes_on(day: Day, reporter: Reporter, command: str) -> None:
    with day.started(command, EARSHOT_DATA=str(day.copy)):
        eventually(lambda: (day.copy / "up.json").exists())
        note = json.loads((day.copy / "up.json").read_text())
        there = Reporter(note)
        assert there.tap()
        there.expect_all(day.copy)


def test_no_command_of_the_page_was_left_out() -> None:
    assert commands() == TRIED
