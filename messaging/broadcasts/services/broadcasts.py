"""Broadcasts: written, scheduled or started, cancelled."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone

from console.accounts.models import User, Workspace
from console.accounts.services import audit
from messaging.broadcasts.models import Broadcast, BroadcastStatus
from messaging.broadcasts.services import queueing, sending
from messaging.common import unique_names
from messaging.deliveries.models import LIFETIME_DAYS
from messaging.errors import BadRules, Busy, CannotSend, IllegalMove, Outdated
from messaging.messages.models import Message, MessageVersion
from messaging.segments import services as segments
from messaging.segments.models import Segment
from messaging.snapshots import services as snapshots
from messaging.sources.services import send_checks

log = structlog.get_logger()
S = BroadcastStatus


@transaction.atomic
def create(*, workspace: Workspace, by: User | None, name: str, **fields: Any) -> Broadcast:
    broadcast = Broadcast(workspace=workspace, name=name, created_by=by, **fields)
    with unique_names.named():
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
    lifetime_days: int = LIFETIME_DAYS,
) -> None:
    """Change a draft. What was scheduled or sent stays as it was reviewed: IllegalMove. Raises NameTaken."""
    with unique_names.named():
        changed = Broadcast.objects.filter(pk=broadcast.pk, status=S.DRAFT).update(
            name=name,
            message=message,
            properties=properties,
            segment=segment,
            scheduled_at=scheduled_at,
            lifetime_days=lifetime_days,
            updated_at=timezone.now(),
        )
    if not changed:
        raise IllegalMove(broadcast, S.DRAFT)
    broadcast.refresh_from_db()
    audit.record(workspace=broadcast.workspace, by=by, verb="broadcast.changed", target=broadcast)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a broadcast would send, and to whom, as things stand."""

    version: MessageVersion
    properties: dict[str, str]
    rules: dict[str, Any]
    at: datetime | None

    @property
    def mark(self) -> str:
        """Two plans that differ have different marks."""
        at = self.at.isoformat() if self.at else ""
        told = json.dumps([self.version.pk, self.properties, self.rules, at], sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()[:32]


def plan(broadcast: Broadcast) -> Plan:
    """Raises CannotSend."""
    if broadcast.scheduled_at and broadcast.scheduled_at <= timezone.now():
        raise CannotSend([("scheduled_at", "Its date and time are past by now; edit it.")])
    return Plan(
        send_checks.ready(broadcast.message, broadcast.properties),
        send_checks.used(broadcast.message, broadcast.properties),
        broadcast.segment.rules if broadcast.segment else {},
        broadcast.scheduled_at,
    )


@transaction.atomic
def launch(broadcast: Broadcast, *, by: User | None, reviewed: str | None = None) -> None:
    """Confirmed: send it now, or wait for its time. What is sent and to whom is frozen now, since this was reviewed.

    `reviewed` is the mark of the plan that was looked at. Raises CannotSend, IllegalMove, Outdated.
    """
    Broadcast.objects.select_for_update().get(pk=broadcast.pk)
    broadcast.refresh_from_db()
    planned = plan(broadcast)
    if reviewed is not None and reviewed != planned.mark:
        raise Outdated("It is not what you reviewed: it has been changed meanwhile. Look at it again.")
    snapshot = snapshots.snapshot_for(
        Broadcast.KIND, broadcast.pk, planned.version, planned.properties, broadcast.workspace
    )
    frozen = {"snapshot": snapshot, "audience_rules": planned.rules, "updated_at": timezone.now()}
    if planned.at is None:
        _start(broadcast, by=by, **frozen)
        return
    broadcast.move(S.SCHEDULED, **frozen)
    changes = {"at": planned.at.isoformat()}
    audit.record(workspace=broadcast.workspace, by=by, verb="broadcast.scheduled", target=broadcast, changes=changes)


@transaction.atomic
def start(broadcast: Broadcast, *, by: User | None) -> None:
    """Send what was scheduled, as it was reviewed. Raises CannotSend, IllegalMove."""
    send_checks.sendable(broadcast.message)
    if broadcast.snapshot is None:
        raise CannotSend([("", "It was scheduled by an earlier release, which kept no review of it: review it again.")])
    _start(broadcast, by=by)


def _start(broadcast: Broadcast, *, by: User | None, **frozen: Any) -> None:
    rules = frozen.get("audience_rules", broadcast.audience_rules)
    now = timezone.now()
    times = {"started_at": now, "updated_at": now}
    size = segments.reach(broadcast.workspace, rules)
    broadcast.move(S.SENDING, **frozen | times, audience_size=size, cursor=0, sent=0)
    audit.record(
        workspace=broadcast.workspace, by=by, verb="broadcast.started", target=broadcast, changes={"people": size}
    )
    transaction.on_commit(partial(queueing.queue, broadcast.pk), robust=True)


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
    """Back to a draft, to be edited and reviewed anew."""
    _to_draft(broadcast)
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
                _to_draft(broadcast)
                audit.record(
                    workspace=broadcast.workspace,
                    by=None,
                    verb="broadcast.not_started",
                    target=broadcast,
                    changes={"why": str(error)},
                )
    return sending.stalled()


def _to_draft(broadcast: Broadcast) -> None:
    broadcast.move(S.DRAFT, snapshot=None, audience_rules=None, updated_at=timezone.now())


def problems(broadcast: Broadcast) -> list[str]:
    """What keeps it from being sent, in words."""
    try:
        plan(broadcast)
    except CannotSend as refusal:
        return [what for _, what in refusal.problems]
    return []


def audience_changed(broadcast: Broadcast) -> bool:
    """Whether the segment has other rules now than those that it goes, or went, by."""
    now = broadcast.segment.rules if broadcast.segment else {}
    return broadcast.audience_rules is not None and broadcast.audience_rules != now
