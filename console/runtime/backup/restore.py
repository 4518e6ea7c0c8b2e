"""`manage.py restore FILE`: the database and its key from a backup, into an empty data folder or an empty database."""

from __future__ import annotations

import argparse
import shutil
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from console.runtime.backup import archive, database, tools
from console.runtime.backup.archive import About
from console.runtime.embedded import CannotStart, Postgres
from console.runtime.supervisor import plan, state_files, terminal

LOADING, RESTORED = "postgres.loading", "postgres.restored"  # `up` refuses while there is one of the second name
Source = tuple[zipfile.ZipFile, About]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="manage.py restore", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--replace", action="store_true", help="put the present embedded database aside, and keep it")
    parser.add_argument(
        "--as-copy", action="store_true", help="a copy that is to send nothing: webhooks are switched off"
    )
    options = parser.parse_args(arguments)
    data = plan.data_folder()
    try:
        plan.make_folder(data)
        with state_files.lock(data), archive.reading(options.file) as source:
            check_key(data, source)
            if url := plan.server("DATABASE_URL"):
                fill(url, source, as_copy=options.as_copy)
                keep_files(data, source)
                done = "Run `manage.py prepare` (or `up`) before anything else: it moves the log's transaction ids."
            else:
                done = restore_embedded(data, source, replace=options.replace, as_copy=options.as_copy)
            rows = sum(source[1].rows.values())
    except CannotStart as error:
        terminal.refuse(str(error))
        return 1
    print(f"Restored {rows:,} rows, as of {source[1].made_at}. {done}")  # noqa: T201
    return 0


def check_key(data: Path, source: Source) -> None:
    """A SECRET_KEY of the environment that is another than the backup's would make what is restored useless."""
    theirs, ours = archive.member(source[0], "secret_key"), plan.server("SECRET_KEY")
    if theirs and ours and theirs != ours:
        raise CannotStart("SECRET_KEY is not the one of this backup: unset it, or set it to the one in the backup.")
    if not theirs and not database.secret_key(data):
        raise CannotStart("This backup is without SECRET_KEY: set SECRET_KEY to the one that belongs to it.")


def restore_embedded(data: Path, source: Source, *, replace: bool, as_copy: bool) -> str:
    """Load into a folder beside, and change places at the end: killed at any moment, the present one is whole."""
    present = data / "postgres"
    if (present / "PG_VERSION").exists() and not replace:
        raise CannotStart(f"EARSHOT_DATA={data} has a database: --replace puts it aside, and keeps it.")
    for leftover in (LOADING, RESTORED):
        shutil.rmtree(data / leftover, ignore_errors=True)
    load_cluster(data / LOADING, source, as_copy=as_copy)
    (data / LOADING).rename(data / RESTORED)
    aside = data / f"replaced-{datetime.now(UTC):%Y%m%d-%H%M%S}"
    for name in ("postgres", "redis"):
        if (data / name).exists():
            aside.mkdir(mode=0o700, exist_ok=True)
            (data / name).rename(aside / name)
    keep_files(data, source, aside)
    (data / RESTORED).rename(present)
    return f"What was there is in {aside}; delete it when all is well." if aside.exists() else "Start it: `make run`."


def load_cluster(folder: Path, source: Source, *, as_copy: bool) -> None:
    server = Postgres(folder)
    server.make(epoch=(source[1].newest_transaction >> 32) + 1)
    try:
        server.start()
        fill(server.url, source, as_copy=as_copy)
    finally:
        server.stop()


def fill(url: str, source: Source, *, as_copy: bool) -> None:
    """Load the dump into an empty database, and count what came. Raises CannotStart."""
    file, about = source
    with tools.connect(url) as connection:
        if there := tools.tables(connection):
            raise CannotStart(f"The database is not empty (it has {there[0]}): make an empty one for the restore.")
        tools.load(url, file)
        different = {name for name, n in tools.count_rows(connection).items() if n != about.rows.get(name)}
        if different or set(about.rows) - set(tools.tables(connection)):
            raise CannotStart(f"The restored tables are not what was saved: {', '.join(sorted(different))}.")
        if as_copy:
            connection.execute("UPDATE tracking_webhook SET active = false")


def keep_files(data: Path, source: Source, aside: Path | None = None) -> None:
    """The key and the demo's credentials; other ones that stand there are put aside."""
    for name in ("secret_key", "demo.json"):
        text, path = archive.member(source[0], name), data / name
        if name == "secret_key" and plan.server("SECRET_KEY"):
            continue
        if path.exists() and path.read_text() != text and (text or name == "demo.json"):
            where = aside or data / f"replaced-{datetime.now(UTC):%Y%m%d-%H%M%S}"
            where.mkdir(mode=0o700, exist_ok=True)
            path.rename(where / name)
        if text:
            database.write_private(path, text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
