"""Forgetting a person everywhere, and forgetting what is older than the workspace keeps."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from django.db import transaction

from console.models import Workspace
from messaging import public
from tracking.models import Merged
from tracking.rollups import repair
from tracking.services.followers.walk import hold

ALL = ("people", "responses", "rollup", "settle", "webhooks")


@transaction.atomic
def erase(*, workspace_id: int, person_id: int) -> int:
    """Take a person out of the log, the responses, the counts and messaging; returns how many log rows went.

    Unknown people are nobody, and erasing them does nothing. The caller writes the audit row.
    """
    hold(*ALL)
    user_ids, anonymous_ids = public.known_as(workspace_id, person_id)
    people = set(public.erase(workspace_id, person_id))
    if not people:
        return 0
    people |= set(Merged.objects.filter(workspace_id=workspace_id, kept__in=people).values_list("gone", flat=True))
    return repair.erase(workspace_id, sorted(people), user_ids, anonymous_ids)


def prune(today: date | None = None) -> int:
    """Forget, in every workspace that wishes so, the days it does not keep; returns how many log rows went."""
    today = today or datetime.now(UTC).date()
    gone = 0
    for workspace in Workspace.objects.filter(retention_days__isnull=False):
        with transaction.atomic():
            hold(*ALL)
            gone += repair.prune(workspace.pk, today - timedelta(days=workspace.retention_days or 0))
    return gone
