"""What an erasure takes, row by row, and what it leaves: of another workspace, of another user of the same browser."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from console.accounts.models import Workspace
from messaging import public
from messaging.people.models import Person
from messaging.values import Merge
from tests.messaging.factories import make_call
from tests.people import make_person, make_workspace
from tests.tracking.ingest import Caller, make_delivery, make_snapshot, report
from tests.tracking.log import NOON, make_report, make_tap, write
from tracking import consumers
from tracking.consumers.models import DeadLetter
from tracking.erasure import services as erasure
from tracking.erasure.models import Erased, Merged
from tracking.ingest.models import Event, EventKind
from tracking.rejections.models import Rejection
from tracking.responses.models import Response
from tracking.rollups import repair
from tracking.rollups.differences import differences
from tracking.rollups.models import Seen
from tracking.webhooks.models import WebhookDelivery

pytestmark = pytest.mark.django_db

BLANK = dict.fromkeys(("delivery_id", "snapshot_id", "source_kind", "source_id", "message_id"))
OTHER = 2
"""Another workspace, in which other people bear the same ids."""


def call(workspace_id: int, user: str | None, anonymous: str | None, person_id: int | None = None) -> Event:
    """An identify call as ingest writes it: of nobody in particular, under the ids that it named."""
    event = make_report(workspace_id, EventKind.IDENTIFY, user_id=user, anonymous_id=anonymous, payload={})
    for field, value in BLANK.items():
        setattr(event, field, value)
    event.person_id = person_id
    return event


def erase(workspace_id: int = 1, people: tuple[int, ...] = (7,)) -> int:
    """Ada, who is person 7, was signed in as `ada` in the browsers `phone` and `laptop`."""
    return repair.erase(workspace_id, list(people), ["ada", "ada-before"], ["phone", "laptop"])


TAKEN = {
    "what she did": lambda: make_tap(person_id=7),
    "a call under her id": lambda: call(1, "ada", None),
    "a call under a former id of hers": lambda: call(1, "ada-before", None),
    "a call under her id from anybody's browser": lambda: call(1, "ada", "library"),
    "a call of her browser before she signed in": lambda: call(1, None, "phone"),
    "a call of her other browser": lambda: call(1, None, "laptop"),
}
LEFT = {
    "what somebody else did": lambda: make_tap(person_id=8),
    "a call of another user in her browser": lambda: call(1, "bob", "phone"),
    "a call of another user": lambda: call(1, "bob", None),
    "a call of another browser": lambda: call(1, None, "library"),
    "a call of nobody": lambda: call(1, None, None),
    "what another workspace's person of that number did": lambda: make_tap(person_id=7, workspace_id=OTHER),
    "a call under her id in another workspace": lambda: call(OTHER, "ada", "phone"),
    "a call of her browser in another workspace": lambda: call(OTHER, None, "phone"),
}


def ids(event: Event) -> tuple[Any, ...]:
    return event.person_id, event.user_id, event.anonymous_id


@pytest.mark.parametrize("what", TAKEN)
def test_an_erasure_takes(what: str) -> None:
    write(TAKEN[what]())
    assert erase() == 1
    assert not Event.objects.exists()


@pytest.mark.parametrize("what", LEFT)
def test_an_erasure_leaves_as_it_was(what: str) -> None:
    write(event := LEFT[what]())
    assert erase() == 0
    assert ids(Event.objects.get()) == ids(event)


@pytest.mark.parametrize(
    "names", [{"user_id": "ada"}, {"anonymous_id": "phone"}, {"user_id": "ada", "anonymous_id": "x"}], ids=str
)
def test_what_was_said_of_somebody_elses_delivery_under_her_name_stays_without_the_name(names: dict[str, str]) -> None:
    here, there = make_tap(person_id=8, **names), make_tap(person_id=8, workspace_id=OTHER, **names)
    write(here, there)
    assert erase() == 0
    kept = {event.workspace_id: ids(event) for event in Event.objects.all()}
    assert kept == {1: (8, None, None), OTHER: ids(there)}


def rejects(*items: tuple[int, dict[str, str]]) -> None:
    Rejection.objects.bulk_create(Rejection(workspace_id=w, code="x", detail="", item=item) for w, item in items)


def test_an_erasure_takes_her_rejects_and_leaves_those_of_others() -> None:
    hers = [{"userId": "ada"}, {"anonymousId": "phone"}, {"userId": "bob", "anonymousId": "laptop"}]
    others = [(1, {"userId": "bob"}), (1, {"anonymousId": "library"}), (1, {"event": "x"}), (OTHER, {"userId": "ada"})]
    rejects(*((1, item) for item in hers), *others)
    erase()
    assert [(one.workspace_id, one.item) for one in Rejection.objects.order_by("id")] == others


def test_an_erasure_takes_what_is_put_aside_of_her_and_leaves_that_of_others() -> None:
    for make in (*TAKEN.values(), *LEFT.values()):
        write(event := make())
        DeadLetter.objects.create(consumer="rollup", workspace_id=event.workspace_id, key=event.key, error="x")
    erase()
    assert set(DeadLetter.objects.values_list("key", flat=True)) == set(Event.objects.values_list("key", flat=True))
    assert DeadLetter.objects.count() == len(LEFT)


@pytest.mark.parametrize(("person", "workspace", "left"), [(7, 1, False), (8, 1, True), (7, OTHER, True)])
def test_an_erasure_takes_her_responses_and_marks_alone(person: int, workspace: int, left: bool) -> None:
    write(make_tap(person_id=person, workspace_id=workspace))
    consumers.run_all()
    erase()
    assert Response.objects.exists() is left
    assert Seen.objects.exists() is left
    assert differences() == []


@pytest.mark.parametrize(
    ("person", "workspace", "left"), [(7, 1, False), (8, 1, True), (7, OTHER, True), (None, 1, True)]
)
def test_an_erasure_takes_her_webhooks_alone(person: int | None, workspace: int, left: bool) -> None:
    event = make_tap()
    WebhookDelivery.objects.create(
        workspace_id=workspace, webhook_id=1, key=event.key, person_id=person, kind=7, due_at=NOON
    )
    erase()
    assert WebhookDelivery.objects.exists() is left


def test_an_erasure_takes_who_was_merged_into_her_and_leaves_merges_of_others() -> None:
    Merged.objects.bulk_create(
        Merged(workspace_id=w, gone=gone, kept=kept) for w, gone, kept in [(1, 5, 7), (1, 6, 8), (OTHER, 5, 7)]
    )
    erase()
    assert sorted(Merged.objects.values_list("workspace_id", "gone", "kept")) == [(1, 6, 8), (OTHER, 5, 7)]


def test_an_erasure_is_remembered_by_person_and_workspace_once() -> None:
    erase()
    erase(people=(7, 9))
    assert sorted(Erased.objects.values_list("workspace_id", "person_id")) == [(1, 7), (1, 9)]


class TestAReportThatComesLate:
    """A browser that was forgotten in a drawer sends what it has, after the person was erased."""

    def test_is_not_written(self, workspace: Workspace, call: Caller) -> None:
        delivery = make_delivery(make_snapshot(workspace))
        ada = Person.objects.get()
        erasure.erase(workspace_id=workspace.pk, person_id=ada.pk)
        call("track", report(delivery, "clicked", actionId="yes"))
        assert not Event.objects.exists()

    def test_of_somebody_else_is_written(self, workspace: Workspace, call: Caller) -> None:
        snapshot = make_snapshot(workspace)
        make_delivery(snapshot, "ada")
        bobs = make_delivery(snapshot, "bob")
        erasure.erase(workspace_id=workspace.pk, person_id=Person.objects.get(external_id="ada").pk)
        assert call.verdicts("track", report(bobs, "clicked", actionId="yes")) == ["accepted"]
        assert Event.objects.get().person_id == Person.objects.get(external_id="bob").pk

    def test_of_another_workspaces_person_of_that_number_is_written(self, workspace: Workspace, call: Caller) -> None:
        delivery = make_delivery(make_snapshot(workspace))
        Erased.objects.create(workspace_id=workspace.pk + 1, person_id=Person.objects.get().pk)
        assert call.verdicts("track", report(delivery, "clicked", actionId="yes")) == ["accepted"]
        assert Event.objects.count() == 1


class TestErasingByPerson:
    def test_takes_the_calls_of_all_ids_and_browsers_that_were_hers(self) -> None:
        workspace = make_workspace()
        public.apply_calls(
            [make_call(workspace, "identify", "ada", "phone"), make_call(workspace, "track", "ada", "laptop", "x")]
        )
        public.apply_calls([make_call(workspace, "identify", "bob", "tablet")])
        for browser in ("phone", "laptop", "tablet"):
            write(call(workspace.pk, None, browser))
        ada = Person.objects.get(external_id="ada")
        assert erasure.erase(workspace_id=workspace.pk, person_id=ada.pk) == 2
        assert [event.anonymous_id for event in Event.objects.all()] == ["tablet"]

    def test_takes_what_was_counted_of_those_who_were_merged_into_her(self) -> None:
        workspace = make_workspace()
        ada = make_person(workspace, "ada")
        write(make_tap(workspace_id=workspace.pk, person_id=ada.pk + 100))
        consumers.run_all()
        repair.merge([Merge(workspace.pk, ada.pk + 100, ada.pk)])
        erasure.erase(workspace_id=workspace.pk, person_id=ada.pk)
        assert not Event.objects.exists()
        assert not Response.objects.exists()
        assert differences() == []

    def test_leaves_another_workspaces_merges(self) -> None:
        workspace, other = make_workspace(), make_workspace("Other")
        ada = make_person(workspace, "ada")
        Merged.objects.create(workspace_id=other.pk, gone=ada.pk + 100, kept=ada.pk)
        write(event := make_tap(workspace_id=workspace.pk, person_id=ada.pk + 100))
        erasure.erase(workspace_id=workspace.pk, person_id=ada.pk)
        assert Event.objects.get().key == event.key

    def test_of_nobody_takes_nothing_and_remembers_nothing(self) -> None:
        workspace = make_workspace()
        write(make_tap(workspace_id=workspace.pk, person_id=99))
        assert erasure.erase(workspace_id=workspace.pk, person_id=99) == 0
        assert Event.objects.exists()
        assert not Erased.objects.exists()

    def test_keeps_all_consumers_still_meanwhile(self, monkeypatch: pytest.MonkeyPatch) -> None:
        held: set[str] = set()
        workspace = make_workspace()
        ada = make_person(workspace, "ada")
        real = public.erase

        def look(*args: int) -> list[int]:
            with connection.cursor() as cursor:
                cursor.execute("SELECT consumer FROM tracking_watermark WHERE xmax::text <> '0'")
                held.update(row[0] for row in cursor.fetchall())
            return real(*args)

        monkeypatch.setattr(public, "erase", look)
        erasure.erase(workspace_id=workspace.pk, person_id=ada.pk)
        assert held == {"people", "responses", "rollup", "settle", "webhooks"}
