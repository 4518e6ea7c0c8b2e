#!/usr/bin/env python
"""Django's command line. `up`, `backup` and `restore` do without Django: what it needs may not be there yet."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "console.settings")
    command, arguments = sys.argv[1:2], sys.argv[2:]
    if command == ["up"] and not arguments:
        from console.supervisor.run import main as up

        sys.exit(up())
    if command == ["backup"]:
        from console.backup.save import main as backup

        sys.exit(backup(arguments))
    if command == ["restore"]:
        from console.backup.restore import main as restore

        sys.exit(restore(arguments))
    from console.supervisor import running

    running.use_its_servers()
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
