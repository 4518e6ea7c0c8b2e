"""Every change of a message, a source, a segment or a person by hand stands in the audit log, and never without it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from console.accounts.models import AuditEntry, Role, User, Workspace
from console.accounts.services import audit
from messaging.broadcasts.models import Broadcast
from messaging.broadcasts.services import broadcasts
from messaging.campaigns.models import Campaign
from messaging.campaigns.services import campaigns
from messaging.common.source_kinds import SourceKind
from messaging.deliveries.models import DeliveryState
from messaging.messages import services as messages
from messaging.people.models import Person
from messaging.people.services import profiles
from messaging.segments import services as segments
from messaging.segments.models import Segment
from messaging.sources.services import drafts, failures
from tests.messaging.factories import PROPERTIES, make_broadcast, make_campaign, make_delivery, make_snapshot
from tests.people import make_member, make_message, make_person, make_workspace, survey
from tests.rows import all_rows

pytestmark = pytest.mark.django_db


@dataclass
class Scene:
    """What there is before the change."""

    workspace: Workspace
    by: User

    @property
    def broadcast(self) -> Broadcast:
        return make_broadcast(self.workspace)

    @property
    def scheduled(self) -> Broadcast:
        made = make_broadcast(self.workspace, scheduled_at=timezone.now() + timedelta(days=1))
        broadcasts.launch(made, by=None)
        return made

    @property
    def sending(self) -> Broadcast:
        made = make_broadcast(self.workspace)
        broadcasts.launch(made, by=None)
        Broadcast.objects.filter(pk=made.pk).update(sent=7)
        return made

    @property
    def campaign(self) -> Campaign:
        return make_campaign(self.workspace)

    @property
    def drafted(self) -> Campaign:
        return make_campaign(self.workspace, status="draft", started_at=None, properties=PROPERTIES)

    @property
    def segment(self) -> Segment:
        return segments.save(None, workspace=self.workspace, by=None, name="All", rules={})

    @property
    def failed(self) -> Broadcast:
        source = self.broadcast
        snapshot = make_snapshot(self.workspace, SourceKind.BROADCAST, source.pk)
        make_delivery(make_person(self.workspace), snapshot, state=DeliveryState.FAILED, failure="No name.")
        return source

    @property
    def person(self) -> Person:
        return make_person(self.workspace, "ada", plan="pro")


BROADCAST = {"name": "Other", "message": None, "properties": {}, "segment": None, "scheduled_at": None}
CAMPAIGN: dict[str, Any] = {
    "name": "Other",
    "trigger_event": "x",
    "audience_rules": {},
    "frequency": "once",
    "message": None,
    "properties": {},
}


def archived(scene: Scene) -> Any:
    message = make_message(scene.workspace)
    messages.archive(message, by=None)
    return message


# The verb, what is done to, and the change. The workspace and the actor are given to all alike.
CHANGES: dict[str, tuple[Callable[[Scene], Any], Callable[[Scene, Any], object]]] = {
    "message.created": (
        lambda scene: None,
        lambda scene, _: messages.create(workspace=scene.workspace, name="New", draft=survey(), by=scene.by),
    ),
    "message.renamed": (
        lambda scene: make_message(scene.workspace),
        lambda scene, message: messages.rename(message, name="Other", by=scene.by),
    ),
    "message.edited": (
        lambda scene: make_message(scene.workspace),
        lambda scene, message: messages.save_draft(
            message, draft=survey(accent="#123456"), revision=message.revision, by=scene.by
        ),
    ),
    "message.published": (
        lambda scene: make_message(scene.workspace),
        lambda scene, message: messages.publish(message, by=scene.by),
    ),
    "message.archived": (
        lambda scene: make_message(scene.workspace),
        lambda scene, message: messages.archive(message, by=scene.by),
    ),
    "message.restored": (archived, lambda scene, message: messages.restore(message, by=scene.by)),
    "broadcast.created": (
        lambda scene: None,
        lambda scene, _: broadcasts.create(workspace=scene.workspace, by=scene.by, name="New"),
    ),
    "broadcast.changed": (
        lambda scene: scene.broadcast,
        lambda scene, one: broadcasts.save(one, by=scene.by, **BROADCAST),  # type: ignore[arg-type]
    ),
    "broadcast.scheduled": (
        lambda scene: make_broadcast(scene.workspace, scheduled_at=timezone.now() + timedelta(days=1)),
        lambda scene, one: broadcasts.launch(one, by=scene.by),
    ),
    "broadcast.started": (lambda scene: scene.broadcast, lambda scene, one: broadcasts.launch(one, by=scene.by)),
    "broadcast.cancelled": (lambda scene: scene.sending, lambda scene, one: broadcasts.cancel(one, by=scene.by)),
    "broadcast.unscheduled": (
        lambda scene: scene.scheduled,
        lambda scene, one: broadcasts.unschedule(one, by=scene.by),
    ),
    "broadcast.deleted": (lambda scene: scene.broadcast, lambda scene, one: drafts.delete(one, by=scene.by)),
    "broadcast.failed_retried": (lambda scene: scene.failed, lambda scene, one: failures.retry(one, by=scene.by)),
    "campaign.created": (
        lambda scene: None,
        lambda scene, _: campaigns.create(workspace=scene.workspace, by=scene.by, name="New", trigger_event="x"),
    ),
    "campaign.changed": (
        lambda scene: scene.drafted,
        lambda scene, one: campaigns.save(one, by=scene.by, **CAMPAIGN),
    ),
    "campaign.started": (lambda scene: scene.drafted, lambda scene, one: campaigns.start(one, by=scene.by)),
    "campaign.paused": (lambda scene: scene.campaign, lambda scene, one: campaigns.pause(one, by=scene.by)),
    "campaign.finished": (lambda scene: scene.campaign, lambda scene, one: campaigns.finish(one, by=scene.by)),
    "campaign.deleted": (lambda scene: scene.drafted, lambda scene, one: drafts.delete(one, by=scene.by)),
    "segment.created": (
        lambda scene: None,
        lambda scene, _: segments.save(None, workspace=scene.workspace, by=scene.by, name="New", rules={}),
    ),
    "segment.changed": (
        lambda scene: scene.segment,
        lambda scene, one: segments.save(one, workspace=scene.workspace, by=scene.by, name="Other", rules={}),
    ),
    "segment.deleted": (lambda scene: scene.segment, lambda scene, one: segments.delete(one, by=scene.by)),
    "person.added": (
        lambda scene: None,
        lambda scene, _: profiles.add(workspace=scene.workspace, by=scene.by, external_id="bob", attributes={}),
    ),
    "person.changed": (
        lambda scene: scene.person,
        lambda scene, one: profiles.change(
            one, by=scene.by, attributes={"plan": "free"}, seen=profiles.fingerprint(one.attributes)
        ),
    ),
}


@pytest.fixture
def scene() -> Scene:
    workspace = make_workspace()
    return Scene(workspace, make_member(workspace, Role.OWNER, "alice"))


@pytest.mark.parametrize("verb", CHANGES)
def test_a_change_stands_in_the_audit_log_with_who_made_it_and_of_what(verb: str, scene: Scene) -> None:
    make, change = CHANGES[verb]
    target = make(scene)
    pk = target and target.pk
    AuditEntry.objects.all().delete()
    made = change(scene, target)
    [entry] = AuditEntry.objects.all()
    kept = target or made
    assert (entry.verb, entry.workspace, entry.actor) == (verb, scene.workspace, scene.by)
    assert (entry.object_type, entry.object_id) == (kept._meta.model_name, str(pk or kept.pk))
    assert entry.object_label == str(kept)


@pytest.mark.parametrize("verb", CHANGES)
def test_a_change_that_cannot_be_written_down_is_not_made(
    verb: str, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, change = CHANGES[verb]
    target = make(scene)
    before = all_rows("messaging")

    def full(**_: Any) -> None:
        raise OSError("The disk is full.")

    monkeypatch.setattr(audit, "record", full)
    with pytest.raises(OSError, match="The disk is full"):
        change(scene, target)
    assert all_rows("messaging") == before


@pytest.mark.parametrize(
    "change",
    [
        lambda scene: messages.restore(make_message(scene.workspace), by=scene.by),
        lambda scene: messages.archive(archived(scene), by=scene.by),
        lambda scene: messages.rename(message := make_message(scene.workspace), name=message.name, by=scene.by),
        lambda scene: failures.retry(scene.broadcast, by=scene.by),
    ],
    ids=["restored", "archived", "renamed", "retried"],
)
def test_what_changes_nothing_is_not_written_down(change: Callable[[Scene], object], scene: Scene) -> None:
    change(scene)
    assert not AuditEntry.objects.filter(actor=scene.by).exists()


@pytest.mark.parametrize(
    ("verb", "changes"),
    [
        ("message.renamed", {"name": ["Beta survey", "Other"]}),
        ("message.published", {"version": 1}),
        ("message.edited", {"revision": 2}),
        ("broadcast.cancelled", {"sent": 7}),
        ("broadcast.started", {"people": 0}),
        ("broadcast.failed_retried", {"deliveries": 1}),
        ("segment.changed", {"rules": {}}),
        ("person.changed", {"attributes": "plan"}),
    ],
)
def test_the_audit_log_says_what_changed(verb: str, changes: dict[str, Any], scene: Scene) -> None:
    make, change = CHANGES[verb]
    change(scene, make(scene))
    assert AuditEntry.objects.get(verb=verb, actor=scene.by).changes == changes
