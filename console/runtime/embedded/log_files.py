"""The files that embedded servers write their logs to: for their owner alone, and bounded."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

LARGEST = 10 << 20  # bytes; one older file of that size is kept


def open_log(path: Path) -> BinaryIO:
    """For appending, mode 600, whatever it was before."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.fchmod(descriptor, 0o600)
    return os.fdopen(descriptor, "ab")


def rotate(path: Path, largest: int = LARGEST) -> bool:
    """Move what is in a log that has grown too large to `<name>.1`; the server goes on writing to the same file.

    What is written between the copy and the cut is lost: a server does not open its standard output again.
    """
    with suppress(OSError):
        if path.stat().st_size > largest:
            with open_log(path.with_name(f"{path.name}.1")) as older, path.open("rb") as source:
                older.truncate(0)
                shutil.copyfileobj(source, older)
            os.truncate(path, 0)
            return True
    return False
