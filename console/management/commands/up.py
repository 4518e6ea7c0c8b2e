from __future__ import annotations

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Run everything: PostgreSQL, Redis, web, live, worker and clock, under one supervisor."

    def handle(self, *args: Any, **options: Any) -> None:
        """Reached by way of django-admin; manage.py goes straight to the supervisor."""
        os.execv(sys.executable, [sys.executable, "-m", "console.runtime.supervisor.run"])  # noqa: S606
