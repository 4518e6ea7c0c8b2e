"""The files that `up` leaves in the data folder: its lock, and `up.json` for scripts while it runs."""

from __future__ import annotations

import fcntl
import json
import os
from pathlib import Path
from typing import Any, TextIO

from console.runtime.embedded.errors import CannotStart


def lock(folder: Path) -> TextIO:
    """Held for as long as the file is open; the kernel lets go of it even when we are killed."""
    file = (folder / "up.lock").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.seek(0)
        who = file.read().strip()
        raise CannotStart(
            f"EARSHOT_DATA={folder} is in use by another `up` (process {who}): stop that one, or set EARSHOT_DATA."
        ) from None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


def write_private(path: Path, content: dict[str, Any]) -> None:
    """Mode 600 from its first byte, and never seen half-written."""
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(content, file, indent=2)
    draft.replace(path)


def read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
