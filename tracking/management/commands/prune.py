from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tracking.erasure import services as erasure


class Command(BaseCommand):
    help = "Delete what is older than each workspace keeps; the worker does so every hour."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--sure", action="store_true", help="The clock is right, though much time has passed.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            gone = erasure.prune(sure=options["sure"])
        except erasure.ClockIsAhead as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{gone} rows of the log deleted.")
