"""Makers of sources with snapshots, and of reports in the log, as ingest would have appended them."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.utils import timezone

from console.accounts.models import Workspace
from messaging.broadcasts.models import Broadcast
from messaging.campaigns.models import Campaign
from messaging.common.source_kinds import SourceKind
from messaging.deliveries.models import SendCount
from messaging.messages.models import MessageVersion
from messaging.people.models import Person
from messaging.public import ActionRef
from messaging.snapshots.models import Snapshot
from tests.people import make_message
from tests.tracking.tally_factories import CLOSE, action, nps
from tracking.ingest.models import Event, EventKind

ACTIONS = (action("yes", "Count me in"), action("more", "Read more", tracked=False), *nps("How likely?"), CLOSE)


def make_snapshot(source: Broadcast | Campaign, *actions: ActionRef, personal: bool = False, **over: Any) -> Snapshot:
    message = over.pop("message", None) or source.message
    number = message.versions.count() + 1
    version = MessageVersion.objects.create(message=message, number=number, content=message.draft)
    return Snapshot.objects.create(
        workspace=source.workspace,
        source_kind=SourceKind.BROADCAST if isinstance(source, Broadcast) else SourceKind.CAMPAIGN,
        source_id=source.pk,
        message=message,
        version=version,
        actions=[asdict(one) for one in actions or ACTIONS],
        personal=personal,
    )


def make_broadcast(workspace: Workspace, name: str = "News", *actions: ActionRef, **over: Any) -> Broadcast:
    """One that went out, with a snapshot; `status="draft"` makes one that did not."""
    message = make_message(workspace, f"Message of {name}")
    broadcast = Broadcast.objects.create(workspace=workspace, name=name, message=message)
    if over.get("status") != "draft":
        now = timezone.now()
        snapshot = make_snapshot(broadcast, *actions, personal=over.pop("personal", False))
        Broadcast.objects.filter(pk=broadcast.pk).update(
            **{"status": "finished", "snapshot": snapshot, "started_at": now, "finished_at": now, **over}
        )
        broadcast.refresh_from_db()
    return broadcast


def send(snapshot: Snapshot, count: int, at: datetime | None = None) -> None:
    hour = (at or timezone.now()).replace(minute=0, second=0, microsecond=0)
    SendCount.objects.create(
        workspace_id=snapshot.workspace_id,
        source_kind=snapshot.source_kind,
        source_id=snapshot.source_id,
        message_id=snapshot.message_id,
        hour=hour,
        count=count,
    )


def report(snapshot: Snapshot, person: Person | int, kind: EventKind, action: str | None = None, **over: Any) -> Event:
    """One report in the log. A delivery has the person's id, unless said otherwise."""
    person_id = person if isinstance(person, int) else person.pk
    name = next((one["name"] for one in snapshot.actions if one["id"] == action), None)
    values: dict[str, Any] = {
        "workspace_id": snapshot.workspace_id,
        "key": uuid.uuid4(),
        "kind": kind,
        "occurred_at": timezone.now(),
        "name": name,
        "person_id": person_id,
        "delivery_id": person_id,
        "snapshot_id": snapshot.pk,
        "source_kind": snapshot.source_kind,
        "source_id": snapshot.source_id,
        "message_id": snapshot.message_id,
        "action_id": action,
    }
    return Event.objects.create(**values | over)


def opened(snapshot: Snapshot, person: Person | int, **over: Any) -> Event:
    return report(snapshot, person, EventKind.OPENED, **over)


def tapped(snapshot: Snapshot, person: Person | int, action: str = "yes", **over: Any) -> Event:
    return report(snapshot, person, EventKind.CLICKED, action, **over)


def dismissed(
    snapshot: Snapshot, person: Person | int, reason: str = "close", action: str | None = "close", **over: Any
) -> Event:
    return report(snapshot, person, EventKind.DISMISSED, action, reason=reason, **over)
