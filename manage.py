#!/usr/bin/env python
"""Django's command line. `up` is ours, and does without Django: it only looks after the processes that need it."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "console.settings")
    if sys.argv[1:] == ["up"]:
        from console.supervisor.run import main as up

        sys.exit(up())
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
