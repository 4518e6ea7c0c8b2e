from __future__ import annotations

import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import Error, connection

from console.demo import access, story
from console.models import User

ONE_AT_A_TIME = 0x0EA4_5407  # the advisory lock's number


class Command(BaseCommand):
    help = "Bring the database up to date, and load the demo workspace into an empty one. May run anywhere, any time."
    requires_system_checks = ()
    requires_migrations_checks = False

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
            call_command("migrate", interactive=False, verbosity=0)
            if settings.DEMO:
                self.load_demo()
        except Error as error:
            sys.exit(f"The database could not be prepared: {' '.join(str(error).split())[:300]}")

    def load_demo(self) -> None:
        if workspace := access.make_workspace():
            kept = access.keep_credentials(workspace, settings.DATA_DIR / "demo.json")
            story.tell(workspace, by=User.objects.get(email=access.EMAIL), write_key=kept["write_key"])
