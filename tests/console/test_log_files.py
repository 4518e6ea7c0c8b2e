"""The logs of embedded servers: for their owner alone, and bounded."""

from __future__ import annotations

import stat
from pathlib import Path

from console.runtime.embedded import log_files


def test_a_log_is_for_its_owner_alone_even_when_it_was_not(tmp_path: Path) -> None:
    path = tmp_path / "postgres.log"
    path.write_text("before\n")
    path.chmod(0o644)
    with log_files.open_log(path) as log:
        log.write(b"after\n")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text() == "before\nafter\n"


def test_a_log_that_has_grown_is_moved_and_its_writer_goes_on(tmp_path: Path) -> None:
    path, older = tmp_path / "log", tmp_path / "log.1"
    older.write_text("of last week, and longer than what comes")
    with log_files.open_log(path) as log:
        log.write(b"0123456789")
        log.flush()
        assert not log_files.rotate(path, largest=10)
        log.write(b"!")
        log.flush()
        assert log_files.rotate(path, largest=10)
        log.write(b"new")
    assert (older.read_text(), path.read_text()) == ("0123456789!", "new")
    assert stat.S_IMODE(older.stat().st_mode) == 0o600


def test_a_log_that_is_not_there_is_no_fault(tmp_path: Path) -> None:
    assert not log_files.rotate(tmp_path / "log")
