"""`manage.py backup [FILE]`: one file with all that `manage.py restore` needs. Safe while everything runs."""

from __future__ import annotations

import argparse
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from console.runtime.backup import archive, database, tools
from console.runtime.embedded import CannotStart
from console.runtime.supervisor import plan, terminal

STATE = """
SELECT pg_export_snapshot(), current_setting('server_version_num')::int / 10000,
       pg_snapshot_xmax(pg_current_snapshot())::text::bigint
"""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="manage.py backup", description=__doc__)
    parser.add_argument(
        "file", nargs="?", type=Path, help="default: earshot-<date and time>.zip in EARSHOT_DATA/backups"
    )
    parser.add_argument("--without-key", action="store_true", help="leave SECRET_KEY out: it is kept elsewhere")
    options = parser.parse_args(arguments)
    try:
        path, rows = save(plan.data_folder(), options.file, with_key=not options.without_key)
    except CannotStart as error:
        terminal.refuse(str(error))
        return 1
    print(f"{path}: {path.stat().st_size:,} bytes, {rows:,} rows.")  # noqa: T201
    return 0


def save(data: Path, path: Path | None = None, *, with_key: bool = True) -> tuple[Path, int]:
    """Write a backup; returns its path and how many rows are in it. Raises CannotStart, and leaves no file then."""
    made_at = datetime.now(UTC)
    if path is None:
        path = data / "backups" / f"earshot-{made_at:%Y%m%d-%H%M%S}.zip"
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with database.present(data) as url:
        try:
            with archive.writing(path) as file:
                about = _dump(url, file, made_at)
                if with_key and (key := database.secret_key(data)):
                    file.writestr("secret_key", key)
                if (demo := data / "demo.json").exists():
                    file.writestr("demo.json", demo.read_text())
                archive.add_about(file, about)
        except OSError as error:
            why = (error.strerror or str(error)).lower()
            raise CannotStart(f"{path} cannot be written ({why}): name another file.") from None
    return path, sum(about.rows.values())


def _dump(url: str, file: zipfile.ZipFile, made_at: datetime) -> archive.About:
    """The dump, and the number of rows of each table, as one snapshot sees them."""
    with tools.connect(url) as connection:
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        snapshot, version, newest = connection.execute(STATE).fetchone() or ("", 0, 0)
        rows = tools.count_rows(connection)
        if not rows:
            raise CannotStart("The database is empty: there is nothing to back up.")
        process = tools.dump(url, str(snapshot))
        if process.stdout:
            archive.add_stream(file, archive.DUMP, process.stdout)
        _, said = process.communicate()
        if process.returncode:
            raise CannotStart(f"pg_dump failed: {' '.join(said.decode(errors='replace').split())[-300:]}")
    return archive.About(archive.FORMAT, made_at.isoformat(), int(str(version)), int(str(newest)), rows)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
