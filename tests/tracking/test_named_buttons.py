"""A tap on a named button that closes the message is an answer; only the close action is a dismissal."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from console.accounts.models import Workspace
from messaging import public
from messaging.broadcasts.models import Broadcast, BroadcastStatus
from messaging.deliveries.models import Delivery, DeliveryState
from messaging.deliveries.services import queue
from messaging.deliveries.tokens import write_token
from messaging.snapshots.models import Snapshot
from messaging.values import DeliveryRef
from tests.messaging.factories import make_delivery, make_snapshot, make_version
from tests.people import make_person
from tests.tracking.ingest import Caller, report
from tracking.consumers.runner import LogRange
from tracking.consumers.settle import settle
from tracking.ingest.models import Event, EventKind
from tracking.metrics.ranges import read as read_range
from tracking.metrics.report import report as report_of

pytestmark = pytest.mark.django_db


def button(id: str, name: str, kind: str, **over: Any) -> dict[str, Any]:
    action = {"id": id, "text": name, "name": name, "behaviour": {"kind": kind}} | over
    return {"kind": "button", "id": f"b-{id}", "action": action}


DRAFT = {
    "steps": [
        {
            "id": "s1",
            "blocks": [
                button("got", "Got it", "dismiss"),
                button("later", "Later", "snooze"),
                button("send", "Send", "submit"),
                button("quiet", "Never mind", "dismiss", track=False),
            ],
        }
    ]
}


@pytest.fixture
def snapshot(workspace: Workspace) -> Snapshot:
    broadcast = Broadcast.objects.create(workspace=workspace, name="News")
    made = make_snapshot(workspace, 1, broadcast.pk, version=make_version(workspace, "Hello", DRAFT))
    Broadcast.objects.filter(pk=broadcast.pk).update(
        status=BroadcastStatus.SENDING, snapshot=made, started_at=timezone.now()
    )
    return made


@pytest.fixture
def delivery(snapshot: Snapshot) -> Delivery:
    return make_delivery(make_person(snapshot.workspace, "ann"), snapshot)


def token_of(delivery: Delivery) -> str:
    ref = DeliveryRef(delivery.workspace_id, delivery.snapshot_id, delivery.person_id, delivery.pk, delivery.test)
    return write_token(ref)


def settled(delivery: Delivery) -> Delivery:
    settle(LogRange(0, 2**62, None))
    return Delivery.objects.get(pk=delivery.pk)


@pytest.mark.parametrize(
    "said",
    [
        {"metric": "clicked", "actionId": "got", "actionName": "Got it"},
        {"metric": "dismissed", "actionId": "got", "actionName": "Got it", "reason": "close"},  # as older SDKs say it
        {"metric": "clicked", "actionName": "Got it", "actionValue": "gist://close?id=got"},  # as stock clients say it
        {"metric": "dismissed", "actionName": "Got it", "reason": "esc"},
    ],
)
def test_a_named_button_that_closes_is_clicked_and_ends_its_delivery(
    call: Caller, delivery: Delivery, said: dict[str, str]
) -> None:
    assert call.verdicts("track", report(token_of(delivery), **said)) == ["accepted"]
    event = Event.objects.get()
    assert (event.kind, event.action_id, event.name) == (EventKind.CLICKED, "got", "Got it")
    after = settled(delivery)
    assert after.clicked_at == after.dismissed_at == event.occurred_at
    assert (after.state, after.dismiss_reason) == (DeliveryState.DISMISSED, "action")
    assert queue.offers(queue.Ask(delivery.workspace_id, "ann")) == []


@pytest.mark.parametrize("reason", ["close", "backdrop", "esc", "swipe"])
@pytest.mark.parametrize("named", [{}, {"actionId": "close", "actionName": "Dismissed"}])
def test_the_close_action_is_a_dismissal_by_its_reason(
    call: Caller, delivery: Delivery, reason: str, named: dict[str, str]
) -> None:
    assert call.verdicts("track", report(token_of(delivery), "dismissed", reason=reason, **named)) == ["accepted"]
    event = Event.objects.get()
    assert (event.kind, event.action_id, event.reason) == (EventKind.DISMISSED, "close", reason)
    after = settled(delivery)
    assert (after.state, after.dismiss_reason, after.clicked_at) == (DeliveryState.DISMISSED, reason, None)


def test_a_snooze_is_clicked_and_ends_its_delivery_for_now(call: Caller, delivery: Delivery) -> None:
    assert call.verdicts("track", report(token_of(delivery), "clicked", actionId="later")) == ["accepted"]
    after = settled(delivery)
    assert (Event.objects.get().kind, after.dismiss_reason) == (EventKind.CLICKED, "snooze")
    assert after.clicked_at is not None


def test_a_submit_is_clicked(call: Caller, delivery: Delivery) -> None:
    assert call.verdicts("track", report(token_of(delivery), actionId="send")) == ["accepted"]
    assert settled(delivery).state == DeliveryState.CLICKED


@pytest.mark.parametrize("metric", ["clicked", "dismissed"])
def test_a_button_without_track_clicks_is_kept_under_no_metric(call: Caller, delivery: Delivery, metric: str) -> None:
    assert call.verdicts("track", report(token_of(delivery), metric, actionId="quiet")) == ["untracked_action"]
    assert not Event.objects.exists()


def test_the_headline_tells_answers_from_dismissals(call: Caller, snapshot: Snapshot, delivery: Delivery) -> None:
    other = make_delivery(make_person(snapshot.workspace, "bob"), snapshot)
    call("track", report(token_of(delivery), "dismissed", actionId="got", reason="close"))
    call("track", report(token_of(other), "dismissed", reason="esc"))
    source = public.source(snapshot.workspace_id, 1, snapshot.source_id)
    assert source is not None
    told = report_of(source, read_range({}, timezone.now().date()))
    assert (told.clicked, told.dismissed, told.responses, told.answers) == (1, {"esc": 1}, 2, 1)
    rows = {row.name: (row.total, row.dismissal) for row in told.messages[0].entries}  # type: ignore[union-attr]
    assert rows["Got it"] == (1, False)
    assert rows["Dismissed"] == (1, True)


def test_what_was_sent_before_is_counted_alike_from_now_on(snapshot: Snapshot) -> None:
    old = [one | {"dismissal": one["id"] in ("got", "later", "close")} for one in snapshot.actions]
    Snapshot.objects.update(actions=[{k: v for k, v in one.items() if k != "closes"} for one in old])
    migration = importlib.import_module("messaging.migrations.0007_named_buttons_are_clicks")
    with connection.cursor() as cursor:
        cursor.execute(migration.FORWARD.replace("messaging_use", "messaging_snapshot"))  # its name since
    now = {one["id"]: (one["dismissal"], one["closes"]) for one in Snapshot.objects.get().actions}
    assert list(now) == [one["id"] for one in old]
    assert now == {
        "got": (False, "action"),
        "later": (False, "action"),
        "send": (False, ""),
        "quiet": (False, ""),
        "close": (True, ""),
    }
    with connection.cursor() as cursor:
        cursor.execute(migration.BACK.replace("messaging_use", "messaging_snapshot"))
    assert [one["dismissal"] for one in Snapshot.objects.get().actions] == [one["dismissal"] for one in old]


@pytest.mark.parametrize("said", ["Got it\u200b", "Got\u00a0it", "\ufeffGot it"])
@pytest.mark.parametrize("id", [{}, {"actionId": "got"}])
def test_a_name_that_looks_alike_is_that_name(call: Caller, delivery: Delivery, said: str, id: dict[str, str]) -> None:
    assert call.verdicts("track", report(token_of(delivery), actionName=said, **id)) == ["accepted"]
    assert Event.objects.get().name == "Got it"
