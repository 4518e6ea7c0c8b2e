from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from console.site.demo import access


class Command(BaseCommand):
    help = "Give the demo workspace a new password and new keys, and end the old ones. They are written to demo.json."

    def handle(self, *args: Any, **options: Any) -> None:
        path = settings.DATA_DIR / access.FILE
        try:
            access.replace_credentials(path)
        except access.NoDemo as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"The new ones are in {path}; `up` shows them at its next start.")
