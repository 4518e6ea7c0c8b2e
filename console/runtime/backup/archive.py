"""A backup is one zip file: `backup.json` (what is in it), `database.dump` (of pg_dump, compressed), `secret_key`."""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import IO

from console.runtime.embedded.errors import CannotStart

FORMAT = 1
ABOUT, DUMP = "backup.json", "database.dump"
BLOCK = 1 << 20  # bytes


@dataclass(frozen=True, slots=True)
class About:
    """What a backup says of itself. `newest_transaction`: all transaction ids in it are lower (`pg_snapshot_xmax`)."""

    format: int
    made_at: str
    postgres: int
    newest_transaction: int
    rows: dict[str, int]


class BadBackup(CannotStart):
    """The file is no backup, or is damaged, or is of a later format."""


@contextmanager
def writing(path: Path) -> Iterator[zipfile.ZipFile]:
    """A new archive, mode 600; it appears under its name only when it is complete and on disk."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        descriptor = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w+b") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
                yield archive
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)  # fails where another one has the name; nothing is overwritten
    finally:
        with suppress(OSError):
            draft.unlink()


def add_stream(archive: zipfile.ZipFile, name: str, stream: IO[bytes]) -> None:
    """All that can be read there, as one member; nothing of it is held in memory."""
    with archive.open(name, "w", force_zip64=True) as member:
        shutil.copyfileobj(stream, member, BLOCK)


def add_about(archive: zipfile.ZipFile, about: About) -> None:
    archive.writestr(ABOUT, json.dumps(asdict(about), indent=2))


@contextmanager
def reading(path: Path) -> Iterator[tuple[zipfile.ZipFile, About]]:
    """The archive, after every byte of it was compared with its checksum. Raises BadBackup."""
    try:
        with zipfile.ZipFile(path) as archive:
            about = _about(path, archive)
            if damaged := archive.testzip():
                raise BadBackup(f"{path} is damaged ({damaged}): take another backup.")
            yield archive, about
    except OSError as error:
        raise BadBackup(f"{path} cannot be read: {(error.strerror or str(error)).lower()}.") from None
    except (zipfile.BadZipFile, EOFError) as error:
        raise BadBackup(f"{path} is no backup of Earshot, or is not whole ({error}).") from None


def _about(path: Path, archive: zipfile.ZipFile) -> About:
    try:
        found = json.loads(archive.read(ABOUT))
        archive.getinfo(DUMP)
        if found["format"] > FORMAT:
            raise BadBackup(f"{path} was made by a newer version of Earshot: restore it with that version.")
        return About(**{field.name: found[field.name] for field in fields(About)})
    except (KeyError, TypeError, ValueError):
        raise BadBackup(f"{path} is no backup of Earshot.") from None


def member(archive: zipfile.ZipFile, name: str) -> str | None:
    """A small text of the archive; None where it has none."""
    try:
        return archive.read(name).decode()
    except KeyError:
        return None


def copy_member(archive: zipfile.ZipFile, name: str, to: IO[bytes]) -> None:
    with archive.open(name) as source:
        shutil.copyfileobj(source, to, BLOCK)
