"""Campaigns: written, started, paused, resumed, finished; and changed while they run."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from console.accounts.models import User, Workspace
from console.accounts.services import audit
from messaging.campaigns.models import Campaign, CampaignStatus
from messaging.common import unique_names
from messaging.common.source_kinds import SourceKind
from messaging.deliveries.models import LIFETIME_DAYS
from messaging.errors import CannotSend, IllegalMove
from messaging.messages.models import Message
from messaging.rules import read
from messaging.snapshots import services as snapshots
from messaging.snapshots.models import Snapshot
from messaging.sources.services import send_checks

S = CampaignStatus


@transaction.atomic
def create(*, workspace: Workspace, by: User | None, name: str, trigger_event: str, **fields: Any) -> Campaign:
    campaign = Campaign(workspace=workspace, name=name, trigger_event=trigger_event, created_by=by, **fields)
    with unique_names.named():
        campaign.save()
    audit.record(workspace=workspace, by=by, verb="campaign.created", target=campaign)
    return campaign


@transaction.atomic
def save(
    campaign: Campaign,
    *,
    by: User | None,
    name: str,
    trigger_event: str,
    audience_rules: dict[str, Any],
    frequency: str,
    message: Message | None,
    properties: dict[str, str],
    lifetime_days: int = LIFETIME_DAYS,
) -> None:
    """Change a campaign. While it is under way, another message or other properties are in force from now on, as a
    snapshot of their own; what was sent before keeps its own. Raises CannotSend, IllegalMove (finished), NameTaken,
    BadRules."""
    read(audience_rules)
    now = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if now.status == S.FINISHED:
        raise IllegalMove(campaign, S.RUNNING)
    snapshot = now.snapshot if now.status == S.DRAFT else _snapshot(now, message, properties)
    with unique_names.named():
        Campaign.objects.filter(pk=campaign.pk).update(
            name=name,
            trigger_event=trigger_event,
            audience_rules=audience_rules,
            frequency=frequency,
            message=message,
            properties=properties,
            snapshot=snapshot,
            lifetime_days=lifetime_days,
            updated_at=timezone.now(),
        )
    campaign.refresh_from_db()
    audit.record(workspace=campaign.workspace, by=by, verb="campaign.changed", target=campaign)


def _snapshot(campaign: Campaign, message: Message | None, properties: dict[str, str]) -> Snapshot:
    version = send_checks.ready(message, properties)
    kept = send_checks.used(message, properties)
    return snapshots.snapshot_for(SourceKind.CAMPAIGN, campaign.pk, version, kept, campaign.workspace)


@transaction.atomic
def start(campaign: Campaign, *, by: User | None) -> None:
    """Listen to its event from now on. Raises CannotSend, IllegalMove."""
    now = timezone.now()
    snapshot = _snapshot(campaign, campaign.message, campaign.properties)
    campaign.move(S.RUNNING, snapshot=snapshot, started_at=campaign.started_at or now, updated_at=now)
    audit.record(workspace=campaign.workspace, by=by, verb="campaign.started", target=campaign)


@transaction.atomic
def pause(campaign: Campaign, *, by: User | None) -> None:
    """Nobody new gets it, and who has not seen it yet does not see it until it is resumed."""
    campaign.move(S.PAUSED, updated_at=timezone.now())
    audit.record(workspace=campaign.workspace, by=by, verb="campaign.paused", target=campaign)


@transaction.atomic
def finish(campaign: Campaign, *, by: User | None) -> None:
    """End it for good."""
    campaign.move(S.FINISHED, finished_at=timezone.now(), updated_at=timezone.now())
    audit.record(workspace=campaign.workspace, by=by, verb="campaign.finished", target=campaign)


def problems(campaign: Campaign) -> list[str]:
    """What keeps it from being started, in words."""
    try:
        send_checks.ready(campaign.message, campaign.properties)
    except CannotSend as refusal:
        return [what for _, what in refusal.problems]
    return []
