from __future__ import annotations

import sys
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import Error, connection

from console.accounts.models import User
from console.accounts.services import installation
from console.site.demo import access, story
from tracking.consumers import transaction_ids

ONE_AT_A_TIME = 0x0EA4_5407  # the advisory lock's number


class Command(BaseCommand):
    help = "Bring the database up to date, and load the demo workspace into an empty one. May run anywhere, any time."
    requires_system_checks = ()
    requires_migrations_checks = False

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            refuse(installation.check_pooler())
            self.wait_for_others()
            refuse(installation.check_migrations())
            call_command("migrate", interactive=False, verbosity=0)
            refuse(installation.check_secret_key())
            if moved := transaction_ids.rebase():
                self.stdout.write(f"A restored event log: the transaction ids of {moved} rows were moved.")
            if settings.DEMO:
                self.load_demo()
        except (Error, psycopg.Error) as error:
            sys.exit(f"The database could not be prepared: {' '.join(str(error).split())[:300]}")

    def wait_for_others(self) -> None:
        """Take the lock; held until this process ends. A wait is said, since nobody else would tell what goes on."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [ONE_AT_A_TIME])
            if cursor.fetchone() != (True,):
                cursor.execute("SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND objid = %s",
                               [ONE_AT_A_TIME])  # fmt: skip
                holders = ", ".join(str(pid) for (pid,) in cursor.fetchall())
                self.stdout.write(f"Another `prepare` is at work (PostgreSQL's process {holders}): waiting for it.")
                self.stdout.flush()
                cursor.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])

    def load_demo(self) -> None:
        path = settings.DATA_DIR / access.FILE
        workspace = access.make_workspace(path)
        write_key = access.credentials(workspace, path).get("write_key") if workspace else None
        if workspace and write_key:  # else another host has them, and loads the demo
            story.tell(workspace, by=User.objects.get(email=access.EMAIL), write_key=write_key)


def refuse(why: str | None) -> None:
    if why:
        sys.exit(why)
