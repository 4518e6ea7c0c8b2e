from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from tracking.consumers import CONSUMERS
from tracking.consumers.dead_letters import retry
from tracking.consumers.models import DeadLetter


class Command(BaseCommand):
    help = "Try the rows again on which consumers failed. Exits 1 if one still fails. Safe while all is running."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--consumer", choices=[consumer.name for consumer in CONSUMERS])

    def handle(self, *args: Any, consumer: str | None = None, **options: Any) -> None:
        retried = retry(consumer)
        self.stdout.write(f"{retried.done} done, {retried.gone} forgotten since, {retried.still} still fail.")
        if retried.still:
            for letter in DeadLetter.objects.filter(**({"consumer": consumer} if consumer else {})).order_by("pk")[:20]:
                self.stderr.write(f"{letter.consumer}: {letter.key} of workspace {letter.workspace_id}: {letter.error}")
            sys.exit(1)
