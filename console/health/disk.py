"""The disk of the data folder, on which the embedded servers write. A server of one's own has its own disk."""

from __future__ import annotations

import shutil

from django.conf import settings

from console.health.checks import Trouble, check

FULL = 64 << 20  # bytes: PostgreSQL needs room to write its log before it can change anything
LOW = 1 << 30


def free() -> int:
    """Bytes that may still be written in the data folder."""
    return shutil.disk_usage(settings.DATA_DIR).free


@check("disk")
def disk() -> Trouble | None:
    if (left := free()) > LOW:
        return None
    said = f"{left >> 20} MB are free on the disk of EARSHOT_DATA: make room, or move it to a larger one."
    return Trouble(said, stops=left < FULL)
