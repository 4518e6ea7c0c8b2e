"""From the log to the outbox to a real receiver: once, in the end, whatever happens on the way."""

from __future__ import annotations

import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from console.models import AuditEntry, Workspace
from messaging import public
from messaging.values import DeliveryRef
from tests.people import make_person, make_workspace
from tests.tracking.log import NOON, make_report, restart, write
from tests.tracking.receiver import Post, Receiver, dripping, receiving
from tests.tracking.webhooks import heard, later, make_webhook
from tracking.models import (
    Aside,
    DeliveryState,
    Event,
    EventKind,
    Watermark,
    Webhook,
    WebhookDelivery,
)
from tracking.services import asides, erasure, followers
from tracking.services.followers import walk
from tracking.services.webhooks import endpoints, outbox, payload, sender, wire

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _reach(settings: Any) -> None:
    settings.WEBHOOK_ALLOW = [ip_network("127.0.0.0/8")]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as server:
        yield server


@pytest.fixture
def workspace() -> Workspace:
    return make_workspace()


def follow_and_send() -> int:
    followers.follow()
    return sender.send()


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
        followers.follow()
        assert rows() == sorted([(taps.pk, tap.key), (every.pk, tap.key), (every.pk, opened.key)])

    def test_puts_a_row_aside_that_it_cannot_stomach_and_takes_it_later(
        self, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        make_webhook(workspace)
        good, bad = heard(workspace), heard(workspace, delivery_id=666)
        [follower] = [one for one in followers.FOLLOWERS if one.name == "webhooks"]

        def work(piece: walk.Piece) -> None:
            follower.work(piece)
            if WebhookDelivery.objects.filter(key=bad.key).exists():
                raise ValueError("poison")

        assert walk.step(walk.Follower("webhooks", work))
        assert Aside.objects.get().key == bad.key
        assert {one.follower: one.aside for one in followers.lag()}["webhooks"] == 1
        assert WebhookDelivery.objects.get().key == good.key
        assert asides.retry("webhooks") == asides.Retried(done=1)
        assert WebhookDelivery.objects.count() == 2

    def test_once_more_over_the_same_log_makes_no_second_row(self, workspace: Workspace) -> None:
        make_webhook(workspace)
        heard(workspace)
        followers.follow()
        Watermark.objects.filter(follower="webhooks").delete()
        followers.follow()
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
    [follower] = [one for one in followers.FOLLOWERS if one.name == "webhooks"]

    def dies(piece: walk.Piece) -> None:
        follower.work(piece)
        raise KeyboardInterrupt

    for place, (deed, what) in enumerate(story):
        at = now + timedelta(seconds=place)
        if deed == "write":
            write(*[make_report(workspace.pk, EventKind(kind), received_at=at) for kind in what])
        elif deed == "hook":
            make_webhook(workspace, f"https://example.org/{uuid.uuid4()}", kinds=sorted(what), created_at=at)
        elif deed == "step":
            walk.step(follower)
        elif deed == "die" and Event.objects.exists():
            with suppress(KeyboardInterrupt):
                walk.step(walk.Follower("webhooks", dies))
        elif deed == "rewind":
            Watermark.objects.filter(follower="webhooks").delete()
    walk.catch_up([follower])
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


class TestRetries:
    def test_are_of_the_same_event_until_it_arrives(self, workspace: Workspace, receiver: Receiver) -> None:
        make_webhook(workspace, receiver.url())
        event = heard(workspace)
        statuses = iter([500, 503, 200])
        receiver.answer = lambda post: next(statuses)
        follow_and_send()
        row = WebhookDelivery.objects.get()
        assert (row.state, row.attempts, row.error) == (DeliveryState.WAITING, 1, "It answered 500.")
        assert sender.send() == 0
        later()
        assert sender.send() == 1
        later()
        assert sender.send() == 1
        later()
        assert sender.send() == 0
        assert receiver.event_ids == [str(event.key)] * 3
        row.refresh_from_db()
        assert (row.state, row.attempts, row.error, row.due_at) == (DeliveryState.SENT, 3, "", None)

    def test_wait_twice_as_long_each_time_and_end_after_days(self) -> None:
        waits = [outbox.wait(n).total_seconds() for n in range(1, outbox.TRIES)]
        for n, wait in enumerate(waits):
            assert 0.75 <= wait / min(30 * 2**n, 86_400) <= 1.25
        assert 2 * 86_400 < sum(waits) < 5 * 86_400
        assert len({outbox.wait(8) for _ in range(20)}) > 10

    def test_end_and_the_row_says_why(self, workspace: Workspace, receiver: Receiver) -> None:
        make_webhook(workspace, receiver.url())
        heard(workspace)
        receiver.answer = lambda post: 400
        followers.follow()
        WebhookDelivery.objects.update(attempts=outbox.TRIES - 1)
        sender.send()
        row = WebhookDelivery.objects.get()
        assert (row.state, row.attempts, row.error) == (DeliveryState.GIVEN_UP, outbox.TRIES, "It answered 400.")
        later()
        assert sender.send() == 0

    def test_of_what_a_killed_worker_took_come_when_its_lease_is_over(
        self, workspace: Workspace, receiver: Receiver
    ) -> None:
        make_webhook(workspace, receiver.url())
        event = heard(workspace)
        followers.follow()
        [taken] = outbox.take(10)  # and the worker dies
        assert outbox.take(10) == []
        assert sender.send() == 0
        later(outbox.LEASE.total_seconds() + 1)
        assert sender.send() == 1
        assert receiver.event_ids == [str(event.key)]
        assert WebhookDelivery.objects.get().attempts == taken.attempts + 1

    def test_in_other_hands_by_now_are_left_to_those(self, workspace: Workspace) -> None:
        make_webhook(workspace)
        heard(workspace)
        followers.follow()
        [first] = outbox.take(10)
        later()
        outbox.take(10)
        before = list(WebhookDelivery.objects.values())
        outbox.settle([(first, outbox.Answer(False, "too late"))])
        assert list(WebhookDelivery.objects.values()) == before
        assert Webhook.objects.get().failures == 0

    def test_are_not_put_off_by_a_worker_that_comes_late(self, workspace: Workspace) -> None:
        make_webhook(workspace)
        heard(workspace)
        followers.follow()
        [first] = outbox.take(10)
        later()
        [second] = outbox.take(10)
        outbox.settle([(second, outbox.Answer(True))])
        outbox.settle([(first, outbox.Answer(False, "too late"))])
        assert WebhookDelivery.objects.get().state == DeliveryState.SENT
        assert Webhook.objects.get().failures == 0


class TestAnEndpointThatFails:
    def test_is_left_alone_for_longer_and_longer_and_tried_with_one_row(
        self, workspace: Workspace, receiver: Receiver
    ) -> None:
        make_webhook(workspace, receiver.url())
        for _ in range(outbox.TOGETHER + 5):
            heard(workspace)
        receiver.answer = lambda post: 503
        follow_and_send()
        assert len(receiver.posts) == outbox.TOGETHER
        pauses = [self.pause()]
        for seconds in (60, 120, 86_400):
            later(seconds)
            assert sender.send() == 1
            pauses.append(self.pause())
        assert len(receiver.posts) == outbox.TOGETHER + 3
        for pause, wanted in zip(pauses, (15, 60, 180, 3600), strict=True):
            assert wanted - 10 < pause < wanted + 30

    @staticmethod
    def pause() -> float:
        """Seconds that the only endpoint is still left alone for. Many that failed together are no long trouble."""
        until = Webhook.objects.get().paused_until
        assert until is not None
        return (until - timezone.now()).total_seconds()

    def test_that_recovers_gets_everything_once(self, workspace: Workspace, receiver: Receiver) -> None:
        make_webhook(workspace, receiver.url())
        events = [heard(workspace) for _ in range(30)]
        receiver.answer = lambda post: 503
        follow_and_send()
        later()
        Webhook.objects.update(failing_since=timezone.now())  # a short while, and not the year of `later`
        receiver.posts.clear()
        receiver.answer = lambda post: 200
        while sender.send():
            later(3600)
        assert Counter(receiver.event_ids) == Counter(str(event.key) for event in events)
        webhook = Webhook.objects.get()
        assert (webhook.failures, webhook.failing_since, webhook.paused_until) == (0, None, None)

    def test_that_flaps_is_never_switched_off_and_gets_everything(
        self, workspace: Workspace, receiver: Receiver
    ) -> None:
        make_webhook(workspace, receiver.url())
        events = [heard(workspace) for _ in range(12)]
        arrived: Counter[str] = Counter()

        def flap(post: Post) -> int:
            if len(receiver.posts) % 3:
                return 500
            arrived[post.event_id] += 1
            return 200

        receiver.answer = flap
        followers.follow()
        for _ in range(60):
            if sender.send() == 0:
                break
            later(86_400)
        assert arrived == Counter(str(event.key) for event in events)
        assert Webhook.objects.get().active
        assert not WebhookDelivery.objects.exclude(state=DeliveryState.SENT).exists()

    def test_for_a_day_is_switched_off_and_the_audit_log_says_so(
        self, workspace: Workspace, receiver: Receiver
    ) -> None:
        make_webhook(workspace, receiver.url())
        heard(workspace)
        receiver.answer = lambda post: 500
        followers.follow()
        for _ in range(outbox.HOPELESS_TRIES - 1):
            assert sender.send() == 1
            later(86_400)
        assert Webhook.objects.get().active
        assert sender.send() == 1
        webhook = Webhook.objects.get()
        assert (webhook.active, webhook.status) == (False, "failed")
        entry = AuditEntry.objects.get(verb="webhook.given_up")
        assert (entry.actor, entry.changes["failed tries"]) == (None, outbox.HOPELESS_TRIES)
        later()
        assert sender.send() == 0
        assert WebhookDelivery.objects.get().state == DeliveryState.WAITING

    def test_often_in_a_short_time_stays_on(self, workspace: Workspace, receiver: Receiver) -> None:
        make_webhook(workspace, receiver.url())
        heard(workspace)
        receiver.answer = lambda post: 500
        followers.follow()
        for _ in range(outbox.TRIES):
            WebhookDelivery.objects.filter(due_at__isnull=False).update(due_at=NOON)
            Webhook.objects.update(paused_until=None)
            sender.send()
        assert Webhook.objects.get().failures == outbox.TRIES
        assert Webhook.objects.get().active

    def test_does_not_hold_up_others(
        self, workspace: Workspace, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(wire, "PATIENCE", 3.0)
        other = make_workspace("Other")
        make_webhook(other, receiver.url())
        many = outbox.TOGETHER * 3
        arrived: list[float] = []

        def answer(post: Post) -> int:
            arrived.append(time.monotonic())
            return 200

        receiver.answer = answer
        with dripping(0.5, *[b""] * 20) as silent:
            make_webhook(workspace, f"http://127.0.0.1:{silent}/")
            for _ in range(many):
                heard(workspace)
            wanted = [heard(other) for _ in range(many)]
            followers.follow()
            began = time.monotonic()
            sender.send()
        assert Counter(receiver.event_ids) == Counter(str(event.key) for event in wanted)
        assert max(arrived) - began < 3 <= time.monotonic() - began
        silence = WebhookDelivery.objects.filter(workspace_id=workspace.pk)
        assert silence.filter(attempts=0).count() == many - outbox.TOGETHER
        assert {row.error for row in silence.filter(attempts=1)} == {"No answer within 3 seconds."}


class TestForgetting:
    def test_erasing_a_person_takes_their_rows_and_no_others(self, workspace: Workspace) -> None:
        make_webhook(workspace)
        ada, bob = make_person(workspace, "ada"), make_person(workspace, "bob")
        heard(workspace, person_id=ada.pk)
        left = heard(workspace, person_id=bob.pk)
        followers.follow()
        erasure.erase(workspace_id=workspace.pk, person_id=ada.pk)
        assert WebhookDelivery.objects.get().key == left.key
        assert "webhooks" in erasure.ALL

    def test_what_the_log_has_no_more_is_given_up(self, workspace: Workspace, receiver: Receiver) -> None:
        make_webhook(workspace, receiver.url())
        heard(workspace)
        followers.follow()
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
    followers.follow()
    assert rows() == [(webhook.pk, after.key)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM tracking_watermark WHERE follower = 'webhooks'")
        assert cursor.fetchone() == (1,)
