"""Forgetting a person everywhere, and forgetting what is older than the workspace keeps."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from django.db import transaction

from console.accounts.models import Installation, Workspace
from console.accounts.services import installation, retention
from messaging import public
from tracking.consumers import NAMES, hold
from tracking.erasure.models import Merged
from tracking.ingest.models import Event
from tracking.rollups import repair

LONGEST_REST = timedelta(days=7)
"""Between two days on which rows are deleted; it is done every hour."""


def _check_clock(today: date) -> None:
    last = installation.the_row().pruned_on
    if last is None:
        newest = Event.objects.order_by("-tx").values_list("received_at", flat=True).first()
        last = newest.date() if newest else today
    if today - last > LONGEST_REST:
        raise ClockIsAhead(
            f"Today is {today}, and rows were last deleted on {last}: the clock may be wrong, so nothing was deleted. "
            "If it is right, run `manage.py prune --sure` once."
        )


@transaction.atomic
def erase(*, workspace_id: int, person_id: int) -> int:
    """Take a person out of the log, the responses, the counts and messaging; returns how many log rows went.

    Unknown people are nobody, and erasing them does nothing. The caller writes the audit row.
    """
    hold(*NAMES)
    user_ids, anonymous_ids = public.known_as(workspace_id, person_id)
    people = set(public.erase(workspace_id, person_id))
    if not people:
        return 0
    people |= set(Merged.objects.filter(workspace_id=workspace_id, kept__in=people).values_list("gone", flat=True))
    return repair.erase(workspace_id, sorted(people), user_ids, anonymous_ids)


class ClockIsAhead(RuntimeError):
    """Today is so far past the last day on which rows were deleted that the clock may be wrong. Nothing was deleted."""


def prune(today: date | None = None, *, sure: bool = False) -> int:
    """Forget, in every workspace that wishes so, the days it does not keep; returns how many log rows went.

    Raises ClockIsAhead, unless the caller is sure: a clock that is forty days ahead would delete forty days too many.
    """
    today = today or datetime.now(UTC).date()
    if not sure:
        _check_clock(today)
    first_today = installation.the_row().pruned_on != today
    gone = 0
    for workspace in Workspace.objects.filter(retention_days__isnull=False):
        with transaction.atomic():
            hold(*NAMES)
            gone += repair.prune(workspace.pk, before := today - timedelta(days=workspace.retention_days or 0))
        if first_today:  # all deliveries are looked at
            public.prune(workspace.pk, before)
    if first_today:
        for workspace_id in Workspace.objects.values_list("pk", flat=True):
            public.clamp_future(workspace_id)
        retention.prune(today)
    Installation.objects.filter(pk=1).update(pruned_on=today)
    return gone
