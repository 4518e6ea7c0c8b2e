"""Broadcasts: written, scheduled or started, cancelled."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone

from console.models import User, Workspace
from console.services import audit
from messaging.errors import BadRules, Busy, CannotSend, IllegalMove
from messaging.models import Broadcast, BroadcastStatus, Message, Person, Segment, SourceKind
from messaging.rules import read, where
from messaging.services import once, readiness, sending, uses

log = structlog.get_logger()
S = BroadcastStatus


@transaction.atomic
def create(*, workspace: Workspace, by: User | None, name: str, **fields: Any) -> Broadcast:
    broadcast = Broadcast(workspace=workspace, name=name, created_by=by, **fields)
    with once.named():
        broadcast.save()
    audit.record(workspace=workspace, by=by, verb="broadcast.created", target=broadcast)
    return broadcast


@transaction.atomic
def save(
    broadcast: Broadcast,
    *,
    by: User | None,
    name: str,
    message: Message | None,
    properties: dict[str, str],
    segment: Segment | None,
    scheduled_at: datetime | None,
) -> None:
    """Change a draft. What was scheduled or sent stays as it was reviewed: IllegalMove. Raises NameTaken."""
    with once.named():
        changed = Broadcast.objects.filter(pk=broadcast.pk, status=S.DRAFT).update(
            name=name,
            message=message,
            properties=properties,
            segment=segment,
            scheduled_at=scheduled_at,
            updated_at=timezone.now(),
        )
    if not changed:
        raise IllegalMove(broadcast, S.DRAFT)
    broadcast.refresh_from_db()
    audit.record(workspace=broadcast.workspace, by=by, verb="broadcast.changed", target=broadcast)


def reach(workspace: Workspace, segment: Segment | None) -> int:
    """How many people it would go to now."""
    return Person.objects.of(workspace).filter(where(read(segment.rules if segment else {}))).count()


@transaction.atomic
def launch(broadcast: Broadcast, *, by: User | None) -> None:
    """Reviewed and confirmed: send it now, or wait for its time. Raises CannotSend, IllegalMove."""
    readiness.ready(broadcast.message, broadcast.properties)
    if broadcast.scheduled_at and broadcast.scheduled_at > timezone.now():
        broadcast.move(S.SCHEDULED, updated_at=timezone.now())
        audit.record(
            workspace=broadcast.workspace,
            by=by,
            verb="broadcast.scheduled",
            target=broadcast,
            changes={"at": broadcast.scheduled_at.isoformat() if broadcast.scheduled_at else ""},
        )
    else:
        start(broadcast, by=by)


@transaction.atomic
def start(broadcast: Broadcast, *, by: User | None) -> None:
    """Freeze what is sent and to whom, and set the sending off."""
    from messaging import tasks

    version = readiness.ready(broadcast.message, broadcast.properties)
    rules = broadcast.segment.rules if broadcast.segment else {}
    properties = readiness.used(broadcast.message, broadcast.properties)
    broadcast.move(
        S.SENDING,
        use=uses.use_for(SourceKind.BROADCAST, broadcast.pk, version, properties, broadcast.workspace),
        audience_rules=rules,
        audience_size=reach(broadcast.workspace, broadcast.segment),
        started_at=timezone.now(),
        updated_at=timezone.now(),
        cursor=0,
        sent=0,
    )
    audit.record(
        workspace=broadcast.workspace,
        by=by,
        verb="broadcast.started",
        target=broadcast,
        changes={"people": broadcast.audience_size},
    )
    transaction.on_commit(partial(tasks.queue, broadcast.pk), robust=True)


@transaction.atomic
def cancel(broadcast: Broadcast, *, by: User | None) -> None:
    """Stop it for good: nobody else gets it, and who has not seen it yet no longer will."""
    broadcast.move(S.CANCELLED, updated_at=timezone.now())
    audit.record(
        workspace=broadcast.workspace,
        by=by,
        verb="broadcast.cancelled",
        target=broadcast,
        changes={"sent": broadcast.sent},
    )


@transaction.atomic
def unschedule(broadcast: Broadcast, *, by: User | None) -> None:
    """Back to a draft, to be edited."""
    broadcast.move(S.DRAFT, updated_at=timezone.now())
    audit.record(workspace=broadcast.workspace, by=by, verb="broadcast.unscheduled", target=broadcast)


def start_due() -> list[int]:
    """Start what is due; returns what is being sent but stands still, to be gone on with.

    One that cannot start (its message was archived since) goes back to being a draft, and the audit log says why.
    """
    due = Broadcast.objects.filter(status=S.SCHEDULED, scheduled_at__lte=timezone.now()).order_by("scheduled_at")
    for broadcast in due.select_related("workspace", "segment", "message"):
        try:
            start(broadcast, by=None)
        except (IllegalMove, Busy):
            continue  # another worker was first; or it is tried again at the next turn of the clock
        except (CannotSend, BadRules) as error:
            log.warning("broadcast.cannot_start", broadcast=broadcast.pk, error=str(error))
            with transaction.atomic():
                broadcast.move(S.DRAFT, updated_at=timezone.now())
                audit.record(
                    workspace=broadcast.workspace,
                    by=None,
                    verb="broadcast.not_started",
                    target=broadcast,
                    changes={"why": str(error)},
                )
    return sending.stalled()


def problems(broadcast: Broadcast) -> list[str]:
    """What keeps it from being sent, in words."""
    try:
        readiness.ready(broadcast.message, broadcast.properties)
    except CannotSend as refusal:
        return [what for _, what in refusal.problems]
    if broadcast.scheduled_at and broadcast.scheduled_at <= timezone.now():
        return ["Its date and time are past by now; edit it."]
    return []
