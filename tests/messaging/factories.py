"""Makers of what is sent, on top of the cast."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from console.accounts.models import Workspace
from messaging import content as contents
from messaging.broadcasts.models import Broadcast
from messaging.campaigns.models import Campaign
from messaging.common.source_kinds import SourceKind
from messaging.deliveries.models import Delivery
from messaging.messages.models import MessageVersion
from messaging.people.models import Person
from messaging.snapshots import services as snapshots
from messaging.snapshots.models import Snapshot
from messaging.values import IdentityCall, Outcome, Proof
from tests.people import make_message

PROPERTIES = {"button_text": "Count me in"}


def make_version(
    workspace: Workspace, name: str = "Beta survey", draft: dict[str, Any] | None = None
) -> MessageVersion:
    message = make_message(workspace, name, draft)
    return MessageVersion.objects.create(
        message=message, number=1, content=contents.write(contents.read(message.draft))
    )


def make_snapshot(workspace: Workspace, kind: SourceKind, source_id: int, **over: Any) -> Snapshot:
    version = over.pop("version", None) or make_version(workspace, over.pop("name", f"Survey {kind} {source_id}"))
    return snapshots.snapshot_for(
        workspace=workspace, source_kind=kind, source_id=source_id, version=version, properties=over or PROPERTIES
    )


def make_campaign(workspace: Workspace, name: str = "Welcome", **over: Any) -> Campaign:
    """A running campaign on the event `Signed up`."""
    campaign = Campaign.objects.create(
        workspace=workspace, name=name, trigger_event=over.pop("trigger_event", "Signed up"), properties=PROPERTIES
    )
    snapshot = make_snapshot(workspace, SourceKind.CAMPAIGN, campaign.pk, name=f"Message of {name}")
    Campaign.objects.filter(pk=campaign.pk).update(
        **{"status": "running", "snapshot": snapshot, "message": snapshot.message, "started_at": timezone.now(), **over}
    )
    campaign.refresh_from_db()
    return campaign


def make_broadcast(workspace: Workspace, name: str = "News", **over: Any) -> Broadcast:
    """A draft broadcast of a published message to everyone."""
    version = over.pop("version", None) or make_version(workspace, f"Message of {name}")
    return Broadcast.objects.create(
        workspace=workspace, name=name, message=version.message, **{"properties": PROPERTIES, **over}
    )


def make_delivery(person: Person, snapshot: Snapshot, **over: Any) -> Delivery:
    return Delivery.objects.create(
        workspace_id=person.workspace_id,
        person_id=person.pk,
        snapshot_id=snapshot.pk,
        source_kind=snapshot.source_kind,
        source_id=snapshot.source_id,
        message_id=snapshot.message_id,
        **{"created_at": timezone.now(), "trigger": uuid.uuid4(), **over},
    )


def make_call(
    workspace: Workspace,
    kind: str,
    user: str | None = None,
    anonymous: str | None = None,
    name: str = "",
    proof: Proof = Proof.SECRET,
    **payload: Any,
) -> IdentityCall:
    return IdentityCall(workspace.pk, uuid.uuid4(), kind, user, anonymous, name, payload, timezone.now(), proof)


def outcome(delivery: Delivery, **over: Any) -> Outcome:
    return Outcome(delivery.workspace_id, delivery.person_id, delivery.pk, **over)


def ago(minutes: float) -> datetime:
    return timezone.now() - timedelta(minutes=minutes)
