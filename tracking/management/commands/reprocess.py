from __future__ import annotations

from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tracking.consumers import CONSUMERS
from tracking.consumers.reprocess import USUAL, reprocess


class Command(BaseCommand):
    help = "Count again what was received since a moment, as after a restore without `prepare`. Counts nothing twice."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--since", required=True, help="UTC date or time: 2026-11-01, 2026-11-01T08:30")
        parser.add_argument(
            "--consumer", action="append", choices=[one.name for one in CONSUMERS], help=f"default: {', '.join(USUAL)}"
        )

    def handle(self, *args: Any, since: str, consumer: list[str] | None = None, **options: Any) -> None:
        try:
            moment = datetime.fromisoformat(since)
        except ValueError:
            raise CommandError(f"--since {since} is no date or time: write 2026-11-01 or 2026-11-01T08:30.") from None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        rows = reprocess(moment, tuple(consumer or USUAL))
        self.stdout.write(f"{rows} rows were processed again. `manage.py check_counts` compares.")
