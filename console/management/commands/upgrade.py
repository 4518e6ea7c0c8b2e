from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from console.runtime.backup.rehearsal import rehearse
from console.runtime.embedded import CannotStart


class Command(BaseCommand):
    help = "With --check: try on a copy whether this version can upgrade the database. Upgrading itself is `prepare`."
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="restore a copy, upgrade and recount that, delete it")
        parser.add_argument("backup", nargs="?", type=Path, help="of which to make the copy; default: one made now")

    def handle(self, *args: Any, check: bool, backup: Path | None = None, **options: Any) -> None:
        if not check:
            raise CommandError("`manage.py up` and `manage.py prepare` upgrade; `upgrade --check` tries it on a copy.")
        try:
            for line in rehearse(backup):
                self.stdout.write(line)
        except CannotStart as error:
            raise CommandError(str(error)) from error
