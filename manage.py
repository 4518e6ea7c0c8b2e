#!/usr/bin/env python
"""Django's command line. `up`, `backup` and `restore` do without Django: what it needs may not be there yet."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "console.settings")
    command, arguments = sys.argv[1:2], sys.argv[2:]
    if command == ["up"] and not arguments:
        from console.runtime.supervisor.run import main as up

        sys.exit(up())
    if command == ["backup"]:
        from console.runtime.backup.save import main as backup

        sys.exit(backup(arguments))
    if command == ["restore"]:
        from console.runtime.backup.restore import main as restore

        sys.exit(restore(arguments))
    if command == ["accept_secret_key"] and "--help" not in arguments:
        sys.exit(with_the_database(run))
    from console.runtime.supervisor import running

    running.use_its_servers()
    run()


def with_the_database(step: Callable[[], None]) -> str | None:
    """Run a step on a database that no `up` may start on yet; returns why that is not possible."""
    from console.runtime.backup import database
    from console.runtime.embedded import CannotStart
    from console.runtime.supervisor import plan

    try:
        with database.present(plan.data_folder()) as url:
            os.environ["DATABASE_URL"] = url
            step()
    except CannotStart as error:
        return f"earshot: {error}"
    return None


def run() -> None:
    from django.core.management import execute_from_command_line
    from django.db import OperationalError
    from redis import ConnectionError as RedisConnectionError

    try:
        execute_from_command_line(sys.argv)
    except OperationalError as error:
        sys.exit(
            f"The database failed ({first_line(error)}). If it is away: start `manage.py up`, or mend DATABASE_URL."
        )
    except RedisConnectionError as error:
        sys.exit(f"Redis does not answer ({first_line(error)}): start `manage.py up`, or mend REDIS_URL.")


def first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or ["no reason given"])[0]


if __name__ == "__main__":
    main()
