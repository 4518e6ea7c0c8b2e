from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from console.accounts.models import Workspace
from tracking.consumers import lag
from tracking.rollups.differences import differences


class Command(BaseCommand):
    help = "Count everything again from the log and compare. Exits 1 on any difference. Safe while all is running."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--workspace", help="The slug of the one workspace to check.")

    def handle(self, *args: Any, workspace: str | None = None, **options: Any) -> None:
        workspace_id = None
        if workspace is not None:
            found = Workspace.objects.filter(slug=workspace).first()
            if found is None:
                raise CommandError(f"There is no workspace {workspace!r}.")
            workspace_id = found.pk
        different = differences(workspace_id)
        for one in different:
            self.stdout.write(f"{one.check}: {one.what}: the log says {one.wanted}, the counts say {one.found}")
        for one_lag in lag():
            if one_lag.dead_letters:
                self.stdout.write(f"{one_lag.consumer}: {one_lag.dead_letters} dead letters are not counted.")
                self.stdout.write("`manage.py retry_dead_letters` tries them again.")
        if different:
            self.stderr.write(f"{len(different)} differences.")
            sys.exit(1)
        self.stdout.write("Every count is what the log says.")
