"""A broadcast goes out as it was reviewed: the same message, properties, people and time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from console.accounts.models import AuditEntry, Workspace
from messaging.broadcasts.forms import BroadcastForm
from messaging.broadcasts.models import Broadcast
from messaging.broadcasts.services import broadcasts, sending
from messaging.deliveries.models import Delivery
from messaging.errors import CannotSend, IllegalMove, Outdated
from messaging.messages.models import MessageVersion
from messaging.segments.models import Segment
from tests.messaging.factories import make_broadcast, make_version
from tests.messaging.test_source_pages import client_of, mark_in, url
from tests.people import make_person, make_workspace

pytestmark = pytest.mark.django_db
PRO = {"all": [{"attribute": "plan", "op": "is", "value": "pro"}]}


@pytest.fixture
def workspace() -> Workspace:
    made = make_workspace()
    make_person(made, "pro", plan="pro")
    make_person(made, "free", plan="free")
    return made


@pytest.fixture
def segment(workspace: Workspace) -> Segment:
    return Segment.objects.create(workspace=workspace, name="Pro", rules=PRO)


def scheduled(workspace: Workspace, **over: Any) -> Broadcast:
    broadcast = make_broadcast(workspace, scheduled_at=timezone.now() + timedelta(hours=1), **over)
    broadcasts.launch(broadcast, by=None)
    return broadcast


def when_due(broadcast: Broadcast) -> Broadcast:
    Broadcast.objects.update(scheduled_at=timezone.now() - timedelta(seconds=1))
    broadcasts.start_due()
    sending.send(broadcast.pk)
    return Broadcast.objects.get(pk=broadcast.pk)


def newer_version(broadcast: Broadcast) -> MessageVersion:
    assert broadcast.message
    first = broadcast.message.versions.get()
    return MessageVersion.objects.create(message=broadcast.message, number=2, content=first.content)


def test_a_segment_changed_since_it_was_scheduled_changes_nobody(workspace: Workspace, segment: Segment) -> None:
    broadcast = scheduled(workspace, segment=segment)
    Segment.objects.update(rules={})
    after = when_due(broadcast)
    assert (after.status, after.audience_size, after.sent) == ("finished", 1, 1)
    assert Delivery.objects.count() == 1


def test_the_page_says_that_the_segment_was_changed_since(workspace: Workspace, segment: Segment) -> None:
    broadcast = scheduled(workspace, segment=segment)
    client = client_of(workspace)
    assert "has other rules now" not in client.get(url("broadcast", pk=broadcast.pk)).content.decode()
    Segment.objects.update(rules={})
    assert "has other rules now" in client.get(url("broadcast", pk=broadcast.pk)).content.decode()


def test_a_version_published_since_it_was_scheduled_is_not_sent(workspace: Workspace) -> None:
    broadcast = scheduled(workspace)
    newer_version(broadcast)
    after = when_due(broadcast)
    assert after.snapshot is not None
    assert after.snapshot.version.number == 1


def test_taken_back_it_is_reviewed_anew(workspace: Workspace, segment: Segment) -> None:
    broadcast = scheduled(workspace, segment=segment)
    broadcasts.unschedule(broadcast, by=None)
    assert (broadcast.status, broadcast.snapshot, broadcast.audience_rules) == ("draft", None, None)
    Segment.objects.update(rules={})
    broadcasts.launch(broadcast, by=None)
    assert when_due(broadcast).sent == 2


@pytest.mark.parametrize("what", ["segment", "version", "properties", "date"])
def test_what_is_changed_between_review_and_confirmation_is_looked_at_again(
    workspace: Workspace, segment: Segment, what: str
) -> None:
    broadcast = make_broadcast(workspace, segment=segment)
    client = client_of(workspace)
    mark = mark_in(client.get(url("broadcast_send", pk=broadcast.pk)).content.decode())
    if what == "segment":
        Segment.objects.update(rules={})
    elif what == "version":
        newer_version(broadcast)
    elif what == "properties":
        Broadcast.objects.update(properties={"button_text": "Other"})
    else:
        Broadcast.objects.update(scheduled_at=timezone.now() + timedelta(days=1))
    answer = client.post(url("broadcast_send", pk=broadcast.pk), {"reviewed": mark}, follow=True)
    assert "not what you reviewed" in answer.content.decode()
    assert Broadcast.objects.get().status == "draft"
    again = mark_in(answer.content.decode())
    client.post(url("broadcast_send", pk=broadcast.pk), {"reviewed": again})
    assert Broadcast.objects.get().status in ("sending", "scheduled")


def test_what_nobody_reviewed_is_not_sent(workspace: Workspace) -> None:
    broadcast = make_broadcast(workspace)
    client_of(workspace).post(url("broadcast_send", pk=broadcast.pk))
    assert Broadcast.objects.get().status == "draft"
    with pytest.raises(Outdated):
        broadcasts.launch(broadcast, by=None, reviewed="")


def test_confirmed_twice_it_starts_once(workspace: Workspace) -> None:
    broadcast = make_broadcast(workspace)
    mark = broadcasts.plan(broadcast).mark
    broadcasts.launch(broadcast, by=None, reviewed=mark)
    with pytest.raises(IllegalMove):
        broadcasts.launch(Broadcast.objects.get(), by=None, reviewed=mark)
    assert AuditEntry.objects.filter(verb="broadcast.started").count() == 1


def test_a_date_that_passed_while_it_was_reviewed_does_not_mean_now(workspace: Workspace) -> None:
    broadcast = make_broadcast(workspace, scheduled_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(CannotSend, match="past by now"):
        broadcasts.launch(broadcast, by=None)
    assert Broadcast.objects.get().status == "draft"


def test_one_that_was_scheduled_without_a_review_becomes_a_draft_again(workspace: Workspace) -> None:
    broadcast = scheduled(workspace)
    Broadcast.objects.update(snapshot=None, audience_rules=None)
    assert when_due(broadcast).status == "draft"
    assert "review it again" in AuditEntry.objects.get(verb="broadcast.not_started").changes["why"]


def test_a_date_without_the_choice_of_a_date_is_asked_about(workspace: Workspace) -> None:
    message = make_version(workspace).message
    posted = {"name": "News", "message": message.pk, "property_button_text": "Yes", "when": "now"}
    form = BroadcastForm(posted | {"scheduled_at": "2999-01-01T10:00"}, workspace=workspace)
    assert not form.is_valid()
    assert "choose “At a date and time”" in str(form.errors["scheduled_at"])
    assert BroadcastForm(posted | {"scheduled_at": ""}, workspace=workspace).is_valid()
