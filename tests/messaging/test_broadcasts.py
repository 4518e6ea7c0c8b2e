from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from console.accounts.models import AuditEntry, Workspace
from messaging import public
from messaging.broadcasts.models import Broadcast
from messaging.broadcasts.services import broadcasts, sending
from messaging.common.source_kinds import SourceKind
from messaging.deliveries.models import Delivery, SendCount
from messaging.errors import CannotSend, IllegalMove
from messaging.people.models import Person
from messaging.segments.models import Segment
from tests.messaging.factories import make_broadcast, make_call, make_version
from tests.people import make_message, make_person, make_workspace

pytestmark = pytest.mark.django_db
PRO = {"all": [{"attribute": "plan", "op": "is", "value": "pro"}]}


@pytest.fixture
def workspace() -> Workspace:
    return make_workspace()


def crowd(workspace: Workspace, size: int, **attributes: Any) -> list[Person]:
    return Person.objects.bulk_create(
        Person(workspace=workspace, external_id=f"p{n}", attributes=attributes) for n in range(size)
    )


def launched(workspace: Workspace, **over: Any) -> Broadcast:
    broadcast = make_broadcast(workspace, **over)
    broadcasts.launch(broadcast, by=None)
    return broadcast


def test_everyone_gets_it_once_and_it_finishes(workspace: Workspace) -> None:
    crowd(workspace, 25)
    make_person(make_workspace("Other"))
    broadcast = launched(workspace)
    sending.send(broadcast.pk, chunk=10)
    broadcast.refresh_from_db()
    assert (broadcast.status, broadcast.sent, broadcast.audience_size) == ("finished", 25, 25)
    assert Delivery.objects.values("person_id").distinct().count() == Delivery.objects.count() == 25
    assert public.sent(workspace.pk, SourceKind.BROADCAST, broadcast.pk) == {broadcast.message_id: 25}


def test_only_the_segment_gets_it_by_its_rules_at_the_start(workspace: Workspace) -> None:
    pro = make_person(workspace, "pro", plan="pro")
    make_person(workspace, "free", plan="free")
    segment = Segment.objects.create(workspace=workspace, name="Pro", rules=PRO)
    broadcast = launched(workspace, segment=segment)
    Segment.objects.update(rules={})
    sending.send(broadcast.pk)
    assert [delivery.person_id for delivery in Delivery.objects.all()] == [pro.pk]


def test_who_comes_after_the_start_does_not_get_it(workspace: Workspace) -> None:
    make_person(workspace, "before")
    broadcast = launched(workspace)
    make_person(workspace, "after")
    sending.send(broadcast.pk)
    assert Delivery.objects.count() == 1


def test_nobody_to_send_it_to_is_finished_at_once(workspace: Workspace) -> None:
    broadcast = launched(workspace)
    sending.send(broadcast.pk)
    broadcast.refresh_from_db()
    assert (broadcast.status, broadcast.sent) == ("finished", 0)


def test_going_on_after_a_kill_sends_to_the_rest_only(workspace: Workspace) -> None:
    crowd(workspace, 25)
    broadcast = launched(workspace)
    assert sending.send_chunk(broadcast.pk, chunk=10)
    Broadcast.objects.update(cursor=0)  # even if the memory of it were lost
    sending.send(broadcast.pk, chunk=10)
    assert Delivery.objects.count() == SendCount.objects.get().count == 25


def test_who_merges_while_it_is_sent_gets_it_once(workspace: Workspace) -> None:
    public.apply_calls([make_call(workspace, "identify", None, "browser")])
    make_person(workspace, "ann")
    broadcast = launched(workspace)
    sending.send_chunk(broadcast.pk, chunk=1)
    public.apply_calls([make_call(workspace, "identify", "ann", "browser")])
    sending.send(broadcast.pk, chunk=1)
    assert Delivery.objects.count() == 1


def test_a_cancelled_broadcast_goes_to_nobody_else(workspace: Workspace) -> None:
    crowd(workspace, 25)
    broadcast = launched(workspace)
    sending.send_chunk(broadcast.pk, chunk=10)
    broadcasts.cancel(broadcast, by=None)
    assert not sending.send_chunk(broadcast.pk)
    assert (Broadcast.objects.get().status, Delivery.objects.count()) == ("cancelled", 10)


def test_a_finished_broadcast_cannot_be_cancelled(workspace: Workspace) -> None:
    broadcast = launched(workspace)
    sending.send(broadcast.pk)
    with pytest.raises(IllegalMove):
        broadcasts.cancel(broadcast, by=None)
    assert Broadcast.objects.get().status == "finished"


def test_a_scheduled_broadcast_waits_for_its_time(workspace: Workspace) -> None:
    crowd(workspace, 2)
    broadcast = launched(workspace, scheduled_at=timezone.now() + timedelta(hours=1))
    assert broadcasts.start_due() == []
    assert Broadcast.objects.get().status == "scheduled"
    Broadcast.objects.update(scheduled_at=timezone.now() - timedelta(seconds=1))
    broadcasts.start_due()
    sending.send(broadcast.pk)
    assert (Broadcast.objects.get().status, Delivery.objects.count()) == ("finished", 2)


def test_a_scheduled_broadcast_whose_message_was_archived_becomes_a_draft_again(workspace: Workspace) -> None:
    broadcast = launched(workspace, scheduled_at=timezone.now() + timedelta(hours=1))
    Broadcast.objects.update(scheduled_at=timezone.now())
    assert broadcast.message is not None
    type(broadcast.message).objects.update(archived_at=timezone.now())
    broadcasts.start_due()
    assert Broadcast.objects.get().status == "draft"
    assert "not published" in AuditEntry.objects.get(verb="broadcast.not_started").changes["why"]


def test_a_broadcast_that_stands_still_is_gone_on_with(workspace: Workspace) -> None:
    broadcast = launched(workspace)
    assert broadcasts.start_due() == []
    Broadcast.objects.update(updated_at=timezone.now() - timedelta(minutes=1))
    assert broadcasts.start_due() == [broadcast.pk]


@pytest.mark.parametrize(
    ("over", "field"),
    [({"message": None}, "message"), ({"properties": {}}, "property_button_text")],
)
def test_what_is_not_ready_is_not_sent(workspace: Workspace, over: dict[str, Any], field: str) -> None:
    broadcast = make_broadcast(workspace)
    Broadcast.objects.update(**over)
    broadcast.refresh_from_db()
    with pytest.raises(CannotSend) as refusal:
        broadcasts.launch(broadcast, by=None)
    assert [name for name, _ in refusal.value.problems] == [field]
    assert Broadcast.objects.get().status == "draft"


def test_a_message_without_a_published_version_is_not_sent(workspace: Workspace) -> None:
    make_version(workspace)
    broadcast = make_broadcast(workspace)
    Broadcast.objects.update(message=make_message(workspace, "Only a draft"))
    broadcast.refresh_from_db()
    with pytest.raises(CannotSend, match="not published"):
        broadcasts.launch(broadcast, by=None)


def test_a_scheduled_broadcast_cannot_be_edited_but_taken_back(workspace: Workspace) -> None:
    broadcast = launched(workspace, scheduled_at=timezone.now() + timedelta(hours=1))
    fields: dict[str, Any] = {"message": None, "properties": {}, "segment": None, "scheduled_at": None}
    with pytest.raises(IllegalMove):
        broadcasts.save(broadcast, by=None, name="Other", **fields)
    assert Broadcast.objects.get().name == "News"
    broadcasts.unschedule(broadcast, by=None)
    broadcasts.save(broadcast, by=None, name="Other", **fields)
    assert Broadcast.objects.get().name == "Other"


@pytest.mark.django_db(transaction=True)
def test_many_workers_on_one_broadcast_send_to_nobody_twice() -> None:
    workspace = make_workspace()
    crowd(workspace, 500)
    broadcast = launched(workspace)
    errors: list[BaseException] = []

    def work() -> None:
        try:
            for _ in range(60):
                sending.send_chunk(broadcast.pk, chunk=17)
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    sending.send(broadcast.pk)
    broadcast.refresh_from_db()
    assert errors == []
    assert (broadcast.status, broadcast.sent) == ("finished", 500)
    assert Delivery.objects.count() == SendCount.objects.get().count == 500


@pytest.mark.django_db(transaction=True)
def test_a_broadcast_that_stands_still_is_taken_over_once_nobody_holds_it(workspace: Workspace) -> None:
    """A worker that was killed has let go of the row; one that is at work holds it."""
    make_person(workspace)
    broadcast = launched(workspace)
    still = timezone.now() - timedelta(seconds=3)
    Broadcast.objects.filter(pk=broadcast.pk).update(updated_at=still)
    other = connections.create_connection("default")
    with other.cursor() as worker:
        other.set_autocommit(False)
        worker.execute("SELECT 1 FROM messaging_broadcast WHERE id = %s FOR UPDATE", [broadcast.pk])
        assert sending.stalled() == []
    other.close()
    assert sending.stalled() == [broadcast.pk]
    Broadcast.objects.filter(pk=broadcast.pk).update(updated_at=timezone.now())
    assert sending.stalled() == []
