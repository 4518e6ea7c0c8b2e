from __future__ import annotations

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from console.health import report
from console.runtime.supervisor import running


class Command(BaseCommand):
    help = "Check everything that can be wrong with this installation. Exits 1 when something is."
    requires_system_checks = ()
    requires_migrations_checks = False

    def handle(self, *args: Any, **options: Any) -> None:
        found = report()
        if (settings.DATA_DIR / "up.json").exists() and not running.is_running(settings.DATA_DIR):
            self.stdout.write(f"note          {settings.DATA_DIR / 'up.json'} is of an `up` that was killed.")
        for name, trouble in found.items():
            self.stdout.write(f"{name:<13} {trouble.said if trouble else 'ok'}")
        if wrong := sum(trouble is not None for trouble in found.values()):
            self.stderr.write(f"{wrong} of {len(found)} checks found something.")
            sys.exit(1)
