"""The database that a backup is of: the one of DATABASE_URL, or the embedded one, started for the time if need be."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from console.runtime.embedded import CannotStart, Postgres
from console.runtime.supervisor import plan, running, state_files


@contextmanager
def present(data: Path) -> Iterator[str]:
    """The URL of the database as it stands. Raises CannotStart when there is none."""
    if given := plan.server("DATABASE_URL") or running.note(data).get("database_url"):
        yield str(given)
        return
    folder = data / "postgres"
    if not (folder / "PG_VERSION").exists():
        raise CannotStart(f"There is no database in EARSHOT_DATA={data}: set EARSHOT_DATA or DATABASE_URL.")
    with state_files.lock(data), started(folder) as server:
        yield server.url


@contextmanager
def started(folder: Path) -> Iterator[Postgres]:
    server = Postgres(folder)
    try:
        server.start()
        yield server
    finally:
        server.stop()


def secret_key(data: Path) -> str | None:
    """The key of the environment, of the file it names, or of the data folder; None where there is none yet."""
    if given := plan.server("SECRET_KEY"):
        return given
    try:
        return (data / "secret_key").read_text().strip() or None
    except OSError:
        return None


def write_private(path: Path, text: str) -> None:
    """Mode 600 from its first byte; what stood there is replaced at once, or not at all."""
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    draft.replace(path)
