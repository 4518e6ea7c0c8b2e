"""From the log to the outbox to a real receiver: once, in the end, whatever happens on the way."""

from __future__ import annotations

import uuid
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from console.accounts.models import Workspace
from messaging import public
from messaging.values import DeliveryRef
from tests.people import make_person, make_workspace
from tests.tracking.log import NOON, make_report, restart, write
from tests.tracking.receiver import Receiver
from tests.tracking.webhooks import follow_and_send, heard, make_webhook
from tracking import consumers
from tracking.consumers import dead_letters, runner
from tracking.consumers.models import DeadLetter, Watermark
from tracking.erasure import services as erasure
from tracking.ingest.models import Event, EventKind
from tracking.webhooks import endpoints, outbox, payload, sender
from tracking.webhooks.models import DeliveryState, Webhook, WebhookDelivery

pytestmark = pytest.mark.django_db


def rows(**over: Any) -> list[tuple[int, Any]]:
    return sorted(WebhookDelivery.objects.filter(**over).values_list("webhook_id", "key"))


class TestTheFollower:
    def test_puts_what_is_wanted_into_the_outbox_and_nothing_else(self, workspace: Workspace) -> None:
        taps = make_webhook(workspace, "https://example.org/taps", kinds=[EventKind.CLICKED])
        every = make_webhook(workspace, "https://example.org/all")
        make_webhook(workspace, "https://example.org/off", active=False)
        make_webhook(workspace, "https://example.org/young", created_at=timezone.now() + timedelta(days=1))
        make_webhook(make_workspace("Other"), "https://example.org/other")
        opened, tap = heard(workspace, EventKind.OPENED), heard(workspace)
        heard(workspace, test=True)
        heard(workspace, EventKind.TRACK)
        consumers.run_all()
        assert rows() == sorted([(taps.pk, tap.key), (every.pk, tap.key), (every.pk, opened.key)])

    def test_puts_a_row_aside_that_it_cannot_stomach_and_takes_it_later(
        self, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        make_webhook(workspace)
        good, bad = heard(workspace), heard(workspace, delivery_id=666)
        [consumer] = [one for one in consumers.CONSUMERS if one.name == "webhooks"]

        def work(log_range: runner.LogRange) -> None:
            consumer.work(log_range)
            if WebhookDelivery.objects.filter(key=bad.key).exists():
                raise ValueError("poison")

        assert runner.step(runner.Consumer("webhooks", work))
        assert DeadLetter.objects.get().key == bad.key
        assert {one.consumer: one.dead_letters for one in consumers.lag()}["webhooks"] == 1
        assert WebhookDelivery.objects.get().key == good.key
        assert dead_letters.retry("webhooks") == dead_letters.Retried(done=1)
        assert WebhookDelivery.objects.count() == 2

    def test_once_more_over_the_same_log_makes_no_second_row(self, workspace: Workspace) -> None:
        make_webhook(workspace)
        heard(workspace)
        consumers.run_all()
        Watermark.objects.filter(consumer="webhooks").delete()
        consumers.run_all()
        assert WebhookDelivery.objects.count() == 1


deeds = st.one_of(
    st.tuples(st.just("write"), st.lists(st.sampled_from([2, 7, 8, 9]), min_size=1, max_size=6)),
    st.tuples(st.just("step"), st.none()),
    st.tuples(st.just("die"), st.none()),
    st.tuples(st.just("rewind"), st.none()),
    st.tuples(st.just("hook"), st.sets(st.sampled_from([7, 8, 9]), min_size=1)),
)


@hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=st.lists(deeds, min_size=2, max_size=12))
def test_every_report_that_is_wanted_has_one_row_whatever_the_follower_went_through(story: list[Any]) -> None:
    for model in (Event, WebhookDelivery, Webhook, Watermark, Workspace):
        model.objects.all().delete()
    restart()
    workspace = make_workspace()
    now = timezone.now()
    [consumer] = [one for one in consumers.CONSUMERS if one.name == "webhooks"]

    def dies(log_range: runner.LogRange) -> None:
        consumer.work(log_range)
        raise KeyboardInterrupt

    for place, (deed, what) in enumerate(story):
        at = now + timedelta(seconds=place)
        if deed == "write":
            write(*[make_report(workspace.pk, EventKind(kind), received_at=at) for kind in what])
        elif deed == "hook":
            make_webhook(workspace, f"https://example.org/{uuid.uuid4()}", kinds=sorted(what), created_at=at)
        elif deed == "step":
            runner.step(consumer)
        elif deed == "die" and Event.objects.exists():
            with suppress(KeyboardInterrupt):
                runner.step(runner.Consumer("webhooks", dies))
        elif deed == "rewind":
            Watermark.objects.filter(consumer="webhooks").delete()
    runner.catch_up([consumer])
    wanted = [
        (webhook.pk, event.key)
        for webhook in Webhook.objects.all()
        for event in Event.objects.filter(kind__in=webhook.kinds, received_at__gte=webhook.created_at)
    ]
    assert rows() == sorted(wanted)


class TestABody:
    def test_is_what_receivers_of_reporting_webhooks_know(self, workspace: Workspace, receiver: Receiver) -> None:
        webhook = make_webhook(workspace, receiver.url())
        ada = make_person(workspace, "ada", email="ada@example.org")
        event = heard(workspace, person_id=ada.pk, action_id="yes", name="Count me in", value="5", source_id=3)
        assert follow_and_send() == 1
        [got] = receiver.posts
        token = public.write_token(DeliveryRef(workspace.pk, 1, ada.pk, ada.pk * 10, False))
        assert got.json == {
            "event_id": str(event.key),
            "object_type": "in_app",
            "timestamp": int(NOON.timestamp()),
            "metric": "clicked",
            "data": {
                "customer_id": "ada",
                "identifiers": {"id": "ada", "email": "ada@example.org", "cio_id": str(ada.pk)},
                "delivery_id": token,
                "broadcast_id": 3,
                "message_id": 1,
                "tracked_response": "Count me in",
                "value": "5",
            },
        }
        assert got.is_signed_with(payload.secret(webhook))

    def test_of_somebody_unknown_in_a_campaign_says_so(self, workspace: Workspace, receiver: Receiver) -> None:
        make_webhook(workspace, receiver.url())
        somebody = make_person(workspace, None, email=5)
        heard(workspace, EventKind.DISMISSED, person_id=somebody.pk, source_kind=2, reason="timeout")
        follow_and_send()
        [got] = receiver.posts
        assert got.json["metric"] == "dismissed"
        assert got.json["data"]["identifiers"] == {"id": None, "email": None, "cio_id": str(somebody.pk)}
        assert got.json["data"]["campaign_id"] == 1
        assert got.json["data"]["reason"] == "timeout"
        assert "tracked_response" not in got.json["data"]

    def test_names_a_merged_person_as_who_they_are_now(self, workspace: Workspace, receiver: Receiver) -> None:
        make_webhook(workspace, receiver.url())
        ada = make_person(workspace, "ada")
        before = make_person(workspace, None, merged_into=None)
        type(before).objects.filter(pk=before.pk).update(merged_into=ada.pk)
        heard(workspace, person_id=before.pk)
        follow_and_send()
        assert receiver.posts[0].json["data"]["customer_id"] == "ada"

    def test_is_signed_by_the_secret_of_its_own_endpoint_and_generation(self, workspace: Workspace) -> None:
        first, second = make_webhook(workspace), make_webhook(workspace, "https://example.org/2")
        secrets = {payload.secret(first), payload.secret(second)}
        first.generation = 2
        assert len(secrets | {payload.secret(first)}) == 3
        assert all(len(secret) == 64 for secret in secrets)


class TestForgetting:
    def test_erasing_a_person_takes_their_rows_and_no_others(self, workspace: Workspace) -> None:
        make_webhook(workspace)
        ada, bob = make_person(workspace, "ada"), make_person(workspace, "bob")
        heard(workspace, person_id=ada.pk)
        left = heard(workspace, person_id=bob.pk)
        consumers.run_all()
        erasure.erase(workspace_id=workspace.pk, person_id=ada.pk)
        assert WebhookDelivery.objects.get().key == left.key
        assert "webhooks" in consumers.NAMES

    def test_what_the_log_has_no_more_is_given_up(self, workspace: Workspace, receiver: Receiver) -> None:
        make_webhook(workspace, receiver.url())
        heard(workspace)
        consumers.run_all()
        Event.objects.all().delete()
        sender.send()
        row = WebhookDelivery.objects.get()
        assert (row.state, row.error) == (DeliveryState.GIVEN_UP, "The event is no longer kept in the log.")
        assert not receiver.posts
        assert Webhook.objects.get().failures == 0

    def test_old_rows_go(self, workspace: Workspace) -> None:
        webhook = make_webhook(workspace)
        now = timezone.now()

        def row(days: int, state: DeliveryState = DeliveryState.SENT, webhook_id: int = webhook.pk) -> uuid.UUID:
            due = now if state == DeliveryState.WAITING else None
            return WebhookDelivery.objects.create(
                workspace_id=workspace.pk, webhook_id=webhook_id, key=uuid.uuid4(), kind=8, state=state, due_at=due,
                created_at=now - timedelta(days=days),
            ).key  # fmt: skip

        kept = {row(6), row(6, DeliveryState.GIVEN_UP), row(29, DeliveryState.WAITING)}
        for gone in (row(8), row(8, DeliveryState.GIVEN_UP), row(31, DeliveryState.WAITING), row(0, webhook_id=0)):
            assert gone not in kept
        assert outbox.prune() == 4
        assert set(WebhookDelivery.objects.values_list("key", flat=True)) == kept


@pytest.mark.django_db(transaction=True)
def test_an_endpoint_misses_nothing_that_is_received_after_it_was_made(workspace: Workspace) -> None:
    before = make_report(workspace.pk, EventKind.OPENED)
    Event.objects.bulk_create([before])
    webhook = endpoints.create(workspace=workspace, url="https://example.org/", kinds=[7], by=None)
    after = make_report(workspace.pk, EventKind.OPENED)
    Event.objects.bulk_create([after])
    consumers.run_all()
    assert rows() == [(webhook.pk, after.key)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM tracking_watermark WHERE consumer = 'webhooks'")
        assert cursor.fetchone() == (1,)
