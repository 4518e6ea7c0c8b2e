"""Thirty days of Pica Notes, made by the real services and told down the real ingest line.

Every step may be done again: names are looked up first, calls carry the same ids. So a first start that was killed
half-way goes on at the next.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils import timezone

from console.accounts.models import AuditEntry, User, Workspace
from console.accounts.services import audit
from console.site.demo import answers, past, people, wire
from console.site.demo.messages import DRAFTS, NPS, NUDGE, POLL
from console.site.demo.people import Character
from messaging.broadcasts.models import Broadcast, BroadcastStatus
from messaging.broadcasts.services import broadcasts, sending
from messaging.campaigns.models import Campaign, CampaignStatus
from messaging.campaigns.services import campaigns
from messaging.common.source_kinds import SourceKind
from messaging.deliveries.models import Delivery
from messaging.messages import services as messages
from messaging.messages.models import Message
from messaging.people.models import Person
from messaging.segments.models import Segment
from messaging.snapshots.models import Snapshot
from tracking import consumers

TOLD = "demo.loaded"
FIRST_NOTEBOOK = "Notebook Created"
BEGINNING = timedelta(days=30)


def tell(workspace: Workspace, *, by: User, write_key: str) -> None:
    """Once per workspace."""
    if AuditEntry.objects.of(workspace).filter(verb=TOLD).exists():
        return
    now = timezone.now()
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    cast = people.everybody(today)
    published = {name: write(workspace, name, by) for name in DRAFTS}
    nudge = run_campaign(workspace, published[NUDGE], today - BEGINNING, by)
    wire.send(lives(cast, today), write_key)
    consumers.run_all()  # people are known, and those with a first notebook have been nudged
    begun = {who.external_id: first_notebook(who, today) for who in cast}
    known = numbers(workspace)
    past.move(workspace.pk, SourceKind.CAMPAIGN, nudge.pk, {known[name]: at for name, at in begun.items() if at})
    paying = segment(workspace, "Paying", {"all": [{"attribute": "plan", "op": "in", "value": ["pro", "team"]}]})
    send(workspace, "NPS, autumn", published[NPS], {}, None, today - timedelta(days=20, hours=-9), by)
    offline = {"feature": "working offline", "button_text": "Yes, I need it offline"}
    send(workspace, "Poll: working offline", published[POLL], offline, paying, today - timedelta(days=8, hours=-8), by)
    prepare(workspace, "Poll: shared notebooks", published[POLL], paying, by)
    wire.send(reports(workspace, cast, now), write_key)
    consumers.run_all()
    audit.record(workspace=workspace, by=by, verb=TOLD, target=workspace)


def write(workspace: Workspace, name: str, by: User) -> Message:
    message = Message.objects.of(workspace).filter(name=name).first()
    message = message or messages.create(workspace=workspace, name=name, draft=DRAFTS[name], by=by)
    messages.publish(message, by=by)
    return message


def segment(workspace: Workspace, name: str, rules: dict[str, object]) -> Segment:
    return Segment.objects.get_or_create(workspace=workspace, name=name, defaults={"rules": rules})[0]


def run_campaign(workspace: Workspace, message: Message, since: datetime, by: User) -> Campaign:
    name = "First steps"
    campaign = Campaign.objects.of(workspace).filter(name=name).first() or campaigns.create(
        workspace=workspace, by=by, name=name, trigger_event=FIRST_NOTEBOOK, message=message
    )
    if campaign.status == CampaignStatus.DRAFT:
        campaigns.start(campaign, by=by)
    Campaign.objects.filter(pk=campaign.pk).update(started_at=since, created_at=since - timedelta(hours=2))
    return campaign


def lives(cast: list[Character], today: datetime) -> Iterator[wire.Call]:
    """Everybody signs up, and takes notes now and then."""
    for who in cast:
        yield wire.identify(who.external_id, who.traits, who.joined_at)
        luck = who.luck("notes")
        for number in range(min(who.notes // 25, 6)):
            at = today - timedelta(days=luck.uniform(0, 30))
            yield wire.track(who.external_id, "Note Created", {"words": luck.randint(3, 400)}, at, f"note:{number}")
        if begun := first_notebook(who, today):
            yield wire.track(who.external_id, FIRST_NOTEBOOK, {"name": "Inbox"}, begun, "notebook")


def first_notebook(who: Character, today: datetime) -> datetime | None:
    """Two in five made their first one this month."""
    luck = who.luck("notebook")
    return today - timedelta(days=luck.uniform(0.2, 29.5)) if luck.random() < 0.4 else None


def numbers(workspace: Workspace) -> dict[str, int]:
    rows = Person.objects.of(workspace).filter(external_id__isnull=False).values_list("external_id", "pk")
    return {external_id: pk for external_id, pk in rows if external_id}


def send(
    workspace: Workspace,
    name: str,
    message: Message,
    properties: dict[str, str],
    to: Segment | None,
    at: datetime,
    by: User,
) -> None:
    """A broadcast that went out at `at`."""
    broadcast = Broadcast.objects.of(workspace).filter(name=name).first() or broadcasts.create(
        workspace=workspace, by=by, name=name, message=message, properties=properties, segment=to
    )
    if broadcast.status == BroadcastStatus.DRAFT:
        broadcasts.launch(broadcast, by=by)
    sending.send(broadcast.pk)
    sent = Delivery.objects.filter(
        workspace_id=workspace.pk, source_kind=SourceKind.BROADCAST, source_id=broadcast.pk
    ).values_list("person_id", flat=True)
    past.move(workspace.pk, SourceKind.BROADCAST, broadcast.pk, dict.fromkeys(sent, at))
    Broadcast.objects.filter(pk=broadcast.pk).update(
        created_at=at - timedelta(days=1), started_at=at, finished_at=at + timedelta(seconds=2)
    )


def prepare(workspace: Workspace, name: str, message: Message, to: Segment, by: User) -> None:
    """A draft, for whoever wants to send one."""
    if not Broadcast.objects.of(workspace).filter(name=name).exists():
        properties = {"feature": "notebooks that a team shares", "button_text": "Yes, share them"}
        broadcasts.create(workspace=workspace, by=by, name=name, message=message, properties=properties, segment=to)


def reports(workspace: Workspace, cast: list[Character], now: datetime) -> Iterator[wire.Call]:
    snapshots = {
        snapshot.pk: snapshot for snapshot in Snapshot.objects.filter(workspace=workspace).select_related("message")
    }
    by_number = {number: name for name, number in numbers(workspace).items()}
    characters = {who.external_id: who for who in cast}
    for delivery in Delivery.objects.filter(workspace_id=workspace.pk, test=False):
        who = characters.get(by_number.get(delivery.person_id, ""))
        if who is not None:
            yield from answers.of(who, delivery, snapshots[delivery.snapshot_id], delivery.created_at, now)
