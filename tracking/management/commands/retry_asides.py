from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from tracking.models import Aside
from tracking.services.asides import retry
from tracking.services.followers import FOLLOWERS


class Command(BaseCommand):
    help = "Try the rows again that followers put aside. Exits 1 if any is still aside. Safe while all is running."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--follower", choices=[follower.name for follower in FOLLOWERS])

    def handle(self, *args: Any, follower: str | None = None, **options: Any) -> None:
        retried = retry(follower)
        self.stdout.write(f"{retried.done} done, {retried.gone} forgotten since, {retried.still} still aside.")
        if retried.still:
            for aside in Aside.objects.filter(**({"follower": follower} if follower else {})).order_by("pk")[:20]:
                self.stderr.write(f"{aside.follower}: {aside.key} of workspace {aside.workspace_id}: {aside.error}")
            sys.exit(1)
