"""The disk of a running installation fills up, and is freed again."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests import stacks
from tests.chaos.reporter import Reporter, eventually

pytestmark = pytest.mark.chaos

SIZE = "300m"  # an empty installation takes 60


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small file system of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", folder]
    made = subprocess.run(command, capture_output=True, text=True)
    if made.returncode:
        pytest.skip(f"a small disk cannot be made here: {made.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def fill(disk: Path) -> Path:
    """Take what is free on it, to the last byte."""
    file = disk / "filling"
    with file.open("ab", buffering=0) as filling, suppress(OSError):
        while True:
            filling.write(bytes(min(1 << 20, max(1, shutil.disk_usage(disk).free))))
    return file


def test_reports_are_refused_while_the_disk_is_full_and_all_that_were_taken_are_counted(disk: Path) -> None:
    running = stacks.start(disk / "data")
    try:
        reporter = Reporter(running.note)
        assert reporter.tap()
        filling = fill(disk)
        eventually(lambda: not reporter.tap(100))
        status, checks = reporter.readiness()
        assert status == 503
        assert checks["disk"].startswith("0 MB are free on the disk of EARSHOT_DATA")
        filling.unlink()
        eventually(lambda: reporter.tap(10))
        eventually(lambda: reporter.readiness()[0] == 200)
        reporter.expect_all(disk / "data")
    finally:
        running.stop()
