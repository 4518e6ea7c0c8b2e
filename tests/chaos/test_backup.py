"""Backups of a running installation, restored elsewhere: nothing acknowledged is missing, and counting goes on."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import time
import uuid
import zipfile
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from tests import stacks
from tests.chaos.reporter import manage
from tests.chaos.saving import Saved, count_events, post, wait_until_followed

pytestmark = pytest.mark.chaos


def test_a_backup_is_for_its_owner_alone_and_says_what_is_in_it(saved: Saved) -> None:
    assert stat.S_IMODE(saved.file.stat().st_mode) == 0o600
    with zipfile.ZipFile(saved.file) as archive:
        about = json.loads(archive.read("backup.json"))
        assert archive.read("secret_key").decode() == saved.key
    assert about["rows"]["tracking_event"] >= saved.acknowledged_before > 0
    assert f"{sum(about['rows'].values()):,} rows" in saved.said[0]


def test_a_backup_never_overwrites_a_file(saved: Saved) -> None:
    before = saved.file.read_bytes()
    done = manage(saved.data, "backup", saved.file)
    assert done.returncode == 1
    assert "file exists" in done.stderr
    assert saved.file.read_bytes() == before
    assert [path.name for path in saved.file.parent.iterdir() if path.name.startswith(".")] == []


def test_a_restored_installation_has_all_that_was_acknowledged_and_goes_on(saved: Saved, tmp_path: Path) -> None:
    """In a new cluster, whose transaction ids begin anew: what comes is counted, and what was is not counted again."""
    data = tmp_path / "data"
    done = manage(data, "restore", saved.file)
    assert done.returncode == 0, done.stderr
    running = stacks.start(data)
    try:
        found = count_events(running.note["database_url"])
        assert found >= saved.acknowledged_before
        assert running.note["write_key"] == saved.write_key
        assert post(running.note, "one more")
        wait_until_followed(running.note["database_url"])
        assert count_events(running.note["database_url"]) == found + 1
        checked = manage(data, "check_counts")
        assert (checked.returncode, checked.stdout) == (0, "Every count is what the log says.\n")
    finally:
        running.stop()


def test_an_external_database_is_restored_and_prepared(saved: Saved, tmp_path: Path) -> None:
    name = f"restored_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
        over = {"DATABASE_URL": url, "REDIS_URL": os.environ["REDIS_URL"], "EARSHOT_DEMO": "false"}
        try:
            done = manage(tmp_path, "restore", "--as-copy", saved.file, **over)
            assert done.returncode == 0, done.stderr
            again = manage(tmp_path, "restore", saved.file, **over)
            assert again.returncode == 1
            assert "The database is not empty" in again.stderr
            prepared = manage(tmp_path, "prepare", **over)
            assert prepared.returncode == 0, prepared.stderr
            assert manage(tmp_path, "check_counts", **over).returncode == 0
            assert count_events(url) >= saved.acknowledged_before
            with psycopg.connect(url) as copy:
                assert copy.execute("SELECT count(*) FROM tracking_webhook WHERE active").fetchone() == (0,)
                assert copy.execute(
                    "SELECT max(tx) < pg_snapshot_xmax(pg_current_snapshot())::text::bigint FROM tracking_event"
                ).fetchone() == (True,)
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.parametrize("how", ["cut", "flipped", "empty", "another zip", "missing"])
def test_a_damaged_backup_is_refused_and_changes_nothing(saved: Saved, tmp_path: Path, how: str) -> None:
    whole = saved.file.read_bytes()
    file = tmp_path / "backup.zip"
    middle = len(whole) // 2
    contents = {
        "cut": whole[:middle],
        "flipped": whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :],
        "empty": b"",
    }
    if how == "another zip":
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("holiday.jpg", "sun")
    elif how != "missing":
        file.write_bytes(contents[how])
    done = manage(tmp_path / "data", "restore", file)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert str(file) in done.stderr
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["up.lock"]


def test_a_present_database_is_replaced_only_on_demand_and_kept(saved: Saved, tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert manage(data, "restore", saved.file).returncode == 0
    (data / "postgres" / "mark").write_text("the first")
    refused = manage(data, "restore", saved.file)
    assert refused.returncode == 1
    assert "--replace puts it aside" in refused.stderr
    assert (data / "postgres" / "mark").exists()
    assert manage(data, "restore", "--replace", saved.file).returncode == 0
    assert not (data / "postgres" / "mark").exists()
    [aside] = data.glob("replaced-*")
    assert (aside / "postgres" / "mark").read_text() == "the first"


def test_a_restore_that_is_killed_leaves_the_present_database_whole(saved: Saved, tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert manage(data, "restore", saved.file).returncode == 0
    (data / "postgres" / "mark").write_text("the first")
    command = [sys.executable, "manage.py", "restore", "--replace", str(saved.file)]
    process = subprocess.Popen(command, cwd=stacks.ROOT, env=stacks.environment(data), stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 30
    while not (data / "postgres.loading" / "PG_VERSION").exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert (data / "postgres" / "mark").exists()
    assert manage(data, "restore", "--replace", saved.file).returncode == 0
    assert not (data / "postgres.loading").exists()


def test_up_refuses_while_a_restore_is_not_finished(saved: Saved, tmp_path: Path) -> None:
    (tmp_path / "postgres.restored").mkdir()
    done = manage(tmp_path, "up")
    assert done.returncode == 1
    assert "a restore was not finished: run `manage.py restore --replace` again" in done.stderr
    assert not (tmp_path / "postgres").exists()


def test_another_secret_key_than_the_backups_is_refused(saved: Saved, tmp_path: Path) -> None:
    done = manage(tmp_path, "restore", saved.file, SECRET_KEY="another")
    assert done.returncode == 1
    assert "SECRET_KEY is not the one of this backup" in done.stderr
    assert not (tmp_path / "postgres").exists()


def test_a_backup_without_the_key_needs_it_from_elsewhere(saved: Saved, tmp_path: Path) -> None:
    file = tmp_path / "without.zip"
    assert manage(saved.data, "backup", "--without-key", file).returncode == 0
    assert saved.key.encode() not in file.read_bytes()
    done = manage(tmp_path / "data", "restore", file)
    assert done.returncode == 1
    assert "set SECRET_KEY" in done.stderr
    assert manage(tmp_path / "data", "restore", file, SECRET_KEY=saved.key).returncode == 0


def test_an_upgrade_is_tried_on_a_copy(saved: Saved) -> None:
    before = {path.name for path in saved.data.iterdir()}
    done = manage(saved.data, "upgrade", "--check", saved.file)
    assert done.returncode == 0, done.stderr
    assert "The database can be upgraded to this version" in done.stdout
    assert {path.name for path in saved.data.iterdir()} == before


def test_a_database_of_another_major_version_is_refused_with_the_way_on(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("17\n")
    done = manage(tmp_path, "up")
    assert done.returncode == 1
    assert "of PostgreSQL 17, and this release has 18" in done.stderr
    with suppress(FileNotFoundError):
        assert [path.name for path in (tmp_path / "postgres").iterdir()] == ["PG_VERSION"]


def test_a_command_without_a_database_says_so_in_one_line(tmp_path: Path) -> None:
    done = manage(tmp_path, "check_counts")
    assert done.returncode == 1
    assert "start `manage.py up`, or mend DATABASE_URL" in done.stderr
    assert len(done.stderr.splitlines()) == 1
