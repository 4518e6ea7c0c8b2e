"""`manage.py up` as whoever starts it sees it: what it refuses, and what it survives."""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests import stacks


def refused(data: Path, **over: str) -> str:
    """Run `up`, which must end with 1 and one line; that line."""
    command = [sys.executable, "manage.py", "up"]
    environment = stacks.environment(data, **over)
    done = subprocess.run(command, cwd=stacks.ROOT, env=environment, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (1, "")
    [line] = done.stderr.splitlines()
    assert not (data / "up.json").exists()
    return line


def test_a_busy_port_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        line = refused(tmp_path / "data", EARSHOT_PORT=port)
    assert line == f"earshot: EARSHOT_PORT={port}: port {port} is busy: set EARSHOT_PORT to a free one."


def test_a_busy_next_port_is_explained(tmp_path: Path) -> None:
    port = stacks.two_free_ports()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port + 1))
        taken.listen()
        line = refused(tmp_path / "data", EARSHOT_PORT=str(port))
    assert f"EARSHOT_PORT={port} (live uses {port + 1}, the next): port {port + 1} is busy" in line


@pytest.mark.parametrize("port", ["eighty", "0", "70000", "-1"])
def test_a_port_that_is_none_is_refused(tmp_path: Path, port: str) -> None:
    assert f"EARSHOT_PORT={port} is not a number from 1 to 65534" in refused(tmp_path / "data", EARSHOT_PORT=port)


def test_a_network_that_is_none_is_named(tmp_path: Path) -> None:
    line = refused(tmp_path / "data", EARSHOT_WEBHOOK_ALLOW="10.0.0.0/8,intranet")
    assert "EARSHOT_WEBHOOK_ALLOW: 'intranet'" in line
    assert "Write networks like 10.20.0.0/16" in line


@pytest.mark.parametrize("days", ["-5", "two years", "1e3", "40000"])
def test_a_number_of_days_that_is_none_is_named(tmp_path: Path, days: str) -> None:
    line = refused(tmp_path / "data", EARSHOT_AUDIT_DAYS=days)
    assert f"EARSHOT_AUDIT_DAYS={days} is not a number of days from 0 to 36500." in line


def test_a_data_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    line = refused(tmp_path / "data")
    assert line.startswith(f"earshot: EARSHOT_DATA={tmp_path / 'data'} cannot be written (file exists)")


def test_a_full_disk_is_told_in_one_line(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", data], capture_output=True, text=True)
    if made.returncode:
        pytest.skip(f"a small disk cannot be made here: {made.stderr.strip()}")
    try:
        line = refused(data)
        assert [path.name for path in data.iterdir()] == []
    finally:
        subprocess.run(["umount", data], check=True)
    assert line == f"earshot: EARSHOT_DATA={data}: the disk is full (20 MB are free, 64 are needed): make room."


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("mysql://root@localhost/earshot", "is not of the form postgres://user:password@host:5432/name"),
        ("postgres://u:p@127.0.0.1:1/none", "cannot reach the database"),
    ],
)
def test_a_broken_database_url_is_named(tmp_path: Path, url: str, says: str) -> None:
    line = refused(tmp_path / "data", DATABASE_URL=url, REDIS_URL=os.environ["REDIS_URL"])
    assert line.startswith("earshot: DATABASE_URL")
    assert says in line


@pytest.mark.parametrize(
    ("url", "says"),
    [("localhost:6379", "is not of the form redis://"), ("redis://127.0.0.1:1/0", "cannot reach Redis")],
)
def test_a_broken_redis_url_is_named(tmp_path: Path, url: str, says: str) -> None:
    line = refused(tmp_path / "data", DATABASE_URL=os.environ["DATABASE_URL"], REDIS_URL=url)
    assert line.startswith("earshot: REDIS_URL")
    assert says in line


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[stacks.Running]:
    running = stacks.start(tmp_path_factory.mktemp("up") / "data")
    yield running
    if running.process.poll() is None:
        running.stop()


def test_up_json_is_for_its_owner_alone_and_tells_everything(running: stacks.Running) -> None:
    path = running.data / "up.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert set(running.note) >= {"url", "live_url", "login", "write_key", "api_key", "database_url", "redis_url"}
    assert running.note["login"]["password"]
    assert running.note["write_key"].startswith("wk_")
    assert running.note["api_key"].startswith("sk_")


def test_a_second_up_on_the_same_data_folder_is_refused_and_does_no_harm(running: stacks.Running) -> None:
    environment = stacks.environment(running.data)
    command = [sys.executable, "manage.py", "up"]
    done = subprocess.run(command, cwd=stacks.ROOT, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert f"is in use by another `up` (process {running.process.pid})" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert ready(running.note)


@pytest.mark.chaos
@pytest.mark.parametrize(
    "victim", ["console.runtime.server web", "console.runtime.server live", "celery", "valkey-server", "postgres"]
)
def test_a_killed_child_is_started_again(running: stacks.Running, victim: str) -> None:
    before = child(running, victim)
    assert before is not None
    os.kill(before, signal.SIGKILL)
    eventually(lambda: child(running, victim) not in (None, before) and ready(running.note))


@pytest.mark.chaos
def test_a_killed_supervisor_takes_all_with_it_and_can_be_started_again(running: stacks.Running) -> None:
    family = psutil.Process(running.process.pid).children(recursive=True)
    running.process.kill()
    running.process.wait()
    eventually(lambda: not [process for process in family if process.is_running() and process.status() != "zombie"])
    again = stacks.start(running.data)
    assert (again.note["login"], again.note["write_key"]) == (running.note["login"], running.note["write_key"])
    family = psutil.Process(again.process.pid).children(recursive=True)
    assert again.stop() == 0
    assert not [process for process in family if process.is_running()]
    assert not (running.data / "up.json").exists()


def child(running: stacks.Running, name: str) -> int | None:
    """The process id of the child whose command names `name`."""
    for process in psutil.Process(running.process.pid).children():
        with suppress(psutil.Error):
            if name in " ".join(process.cmdline()):
                return process.pid
    return None


def ready(note: dict[str, Any]) -> bool:
    try:
        with urllib.request.urlopen(note["url"] + "/readyz", timeout=5) as answer:  # noqa: S310
            return answer.status == 200
    except OSError:
        return False


def eventually(holds: Any, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.2)
