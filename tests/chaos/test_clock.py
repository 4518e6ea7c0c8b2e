"""The time of day jumps under a running installation: an hour back, forty days on, and home again."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from tests import stacks
from tests.chaos.reporter import Reporter, eventually, manage
from tests.stacks import ROOT

pytestmark = pytest.mark.chaos

HOUR, FORTY_DAYS = timedelta(hours=1), timedelta(days=40)


class Clock:
    """What every process of one installation, PostgreSQL and Redis included, takes for the time of day."""

    def __init__(self, folder: Path) -> None:
        self.library, self.offset = folder / "clock.so", folder / "offset"
        compiler = shutil.which("cc") or shutil.which("gcc")
        assert compiler, "no C compiler: apt install gcc libc6-dev"
        command = [compiler, "-shared", "-fPIC", "-o", self.library, ROOT / "tests/chaos/clock.c"]
        subprocess.run(command, check=True)
        self.move(timedelta(0))

    def move(self, by: timedelta) -> None:
        fresh = self.offset.with_suffix(".new")
        fresh.write_text(str(int(by.total_seconds())))
        fresh.rename(self.offset)

    @property
    def environment(self) -> dict[str, str]:
        return {"LD_PRELOAD": str(self.library), "CLOCK_OFFSET": str(self.offset)}


@pytest.fixture(scope="module")
def clock(tmp_path_factory: pytest.TempPathFactory) -> Clock:
    folder = tmp_path_factory.mktemp("clock")
    folder.chmod(0o755)  # PostgreSQL may run as another user
    return Clock(folder)


@pytest.fixture(scope="module")
def running(clock: Clock, tmp_path_factory: pytest.TempPathFactory) -> Iterator[stacks.Running]:
    running = stacks.start(tmp_path_factory.mktemp("moved") / "data", **clock.environment)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def reporter(running: stacks.Running) -> Reporter:
    return Reporter(running.note)


@pytest.fixture(autouse=True)
def home_again(clock: Clock) -> Iterator[None]:
    yield
    clock.move(timedelta(0))


@pytest.mark.parametrize("by", [-HOUR, HOUR, FORTY_DAYS], ids=["an hour back", "an hour on", "forty days on"])
def test_reports_are_counted_while_the_clock_is_wrong_and_after(
    clock: Clock, running: stacks.Running, reporter: Reporter, by: timedelta
) -> None:
    assert reporter.tap()
    clock.move(by)
    assert reporter.tap()
    eventually(lambda: reporter.responses() == len(reporter.acknowledged))
    clock.move(timedelta(0))
    assert reporter.tap()
    reporter.expect_all(running.data)


def test_forty_days_on_nothing_is_pruned(clock: Clock, running: stacks.Running, reporter: Reporter) -> None:
    with psycopg.connect(running.note["database_url"], autocommit=True) as database:
        database.execute("UPDATE console_workspace SET retention_days = 30")
        before = database.execute("SELECT count(*) FROM tracking_event").fetchone()
        clock.move(FORTY_DAYS)
        refused = manage(running.data, "prune", **clock.environment)
        assert refused.returncode == 1
        assert "the clock may be wrong, so nothing was deleted" in refused.stderr
        assert "Traceback" not in refused.stderr
        assert database.execute("SELECT count(*) FROM tracking_event").fetchone() == before
    reporter.expect_all(running.data)
