"""The `up` that runs on a data folder, as other commands find it: they need the URLs of its embedded servers."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import Any

from console.runtime.supervisor import plan, state_files

SERVERS = {"DATABASE_URL": "database_url", "REDIS_URL": "redis_url"}


def note(folder: Path) -> dict[str, Any]:
    """What its `up.json` says; empty when no `up` runs, even where one that was killed has left the file."""
    return state_files.read(folder / "up.json") if is_running(folder) else {}


def is_running(folder: Path) -> bool:
    """Whether an `up` holds the lock of this folder; the kernel lets go of it with the process."""
    try:
        with (folder / "up.lock").open("r+") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def use_its_servers() -> None:
    """Set DATABASE_URL and REDIS_URL to the servers of the running `up`, where the environment names none."""
    missing = [name for name in SERVERS if not (os.environ.get(name) or os.environ.get(f"{name}_FILE"))]
    if missing:
        found = note(plan.data_folder())
        os.environ.update({name: str(found[SERVERS[name]]) for name in missing if found.get(SERVERS[name])})
