from __future__ import annotations

import sys
from argparse import REMAINDER, ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from console.runtime.backup.save import __doc__ as about
from console.runtime.backup.save import main


class Command(BaseCommand):
    help = about or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("arguments", nargs=REMAINDER)

    def handle(self, *args: Any, **options: Any) -> None:
        """Reached by way of django-admin; manage.py goes straight to the program."""
        sys.exit(main(options["arguments"]))
