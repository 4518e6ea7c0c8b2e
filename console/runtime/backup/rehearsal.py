"""An upgrade tried on a copy: restored into a cluster of its own, migrated, recounted, and deleted again."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from console.runtime.backup import archive, database, restore, save
from console.runtime.embedded import CannotStart
from console.runtime.supervisor import plan

STEPS = {"upgraded": ["prepare"], "recounted": ["check_counts"]}


def rehearse(backup: Path | None) -> Iterator[str]:
    """Yields a line for each step that went well. Raises CannotStart with what a step said when it failed."""
    data = plan.data_folder()
    plan.make_folder(data)
    with tempfile.TemporaryDirectory(dir=data, prefix="upgrade-check-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL's user passes through; what is below is closed
        if backup is None:
            backup, rows = save.save(data, folder / "now.zip")
            yield f"saved {rows:,} rows"
        cluster = folder / "postgres"
        began = time.monotonic()
        with archive.reading(backup) as source:
            restore.load_cluster(cluster, source, as_copy=True)
            key = archive.member(source[0], "secret_key") or database.secret_key(data) or ""
        yield f"restored a copy in {time.monotonic() - began:.0f} s"
        with database.started(cluster) as server:
            environment = os.environ | {
                "DATABASE_URL": server.url,
                "SECRET_KEY": key,
                "EARSHOT_DATA": name,
                "EARSHOT_DEMO": "false",
            }
            for step, command in STEPS.items():
                yield f"{step} in {_run(command, environment):.0f} s"
    yield "The database can be upgraded to this version. Nothing of the present one was changed."


def _run(command: list[str], environment: dict[str, str]) -> float:
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "manage.py", *command],
        cwd=plan.ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        said = " ".join((done.stdout + done.stderr).split())[-600:]
        raise CannotStart(f"On a copy, `{command[0]}` failed: {said}")
    return time.monotonic() - began
