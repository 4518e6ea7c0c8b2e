"""Tries that fail: again and later, until it arrives, or there is no hope."""

from __future__ import annotations

import time
from collections import Counter

import pytest
from django.utils import timezone

from console.accounts.models import AuditEntry, Workspace
from tests.people import make_workspace
from tests.tracking.log import NOON
from tests.tracking.receiver import Post, Receiver, dripping
from tests.tracking.webhooks import follow_and_send, heard, later, make_webhook
from tracking import consumers
from tracking.webhooks import http_client, outbox, sender
from tracking.webhooks.models import DeliveryState, Webhook, WebhookDelivery

pytestmark = pytest.mark.django_db


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
        consumers.run_all()
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
        consumers.run_all()
        [row] = outbox.take(10)  # and the worker dies
        assert outbox.take(10) == []
        assert sender.send() == 0
        later(outbox.LEASE.total_seconds() + 1)
        assert sender.send() == 1
        assert receiver.event_ids == [str(event.key)]
        assert WebhookDelivery.objects.get().attempts == row.attempts + 1

    def test_in_other_hands_by_now_are_left_to_those(self, workspace: Workspace) -> None:
        make_webhook(workspace)
        heard(workspace)
        consumers.run_all()
        [first] = outbox.take(10)
        later()
        outbox.take(10)
        before = list(WebhookDelivery.objects.values())
        outbox.settle([(first, outbox.PostResult(False, "too late"))])
        assert list(WebhookDelivery.objects.values()) == before
        assert Webhook.objects.get().failures == 0

    def test_are_not_put_off_by_a_worker_that_comes_late(self, workspace: Workspace) -> None:
        make_webhook(workspace)
        heard(workspace)
        consumers.run_all()
        [first] = outbox.take(10)
        later()
        [second] = outbox.take(10)
        outbox.settle([(second, outbox.PostResult(True))])
        outbox.settle([(first, outbox.PostResult(False, "too late"))])
        assert WebhookDelivery.objects.get().state == DeliveryState.SENT
        assert Webhook.objects.get().failures == 0


class TestAnEndpointThatFails:
    def test_is_left_alone_for_longer_and_longer_and_tried_with_one_row(
        self, workspace: Workspace, receiver: Receiver
    ) -> None:
        make_webhook(workspace, receiver.url())
        for _ in range(outbox.BATCH + 5):
            heard(workspace)
        receiver.answer = lambda post: 503
        follow_and_send()
        assert len(receiver.posts) == outbox.BATCH
        pauses = [self.pause()]
        for seconds in (60, 120, 86_400):
            later(seconds)
            assert sender.send() == 1
            pauses.append(self.pause())
        assert len(receiver.posts) == outbox.BATCH + 3
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
        consumers.run_all()
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
        consumers.run_all()
        for _ in range(outbox.DISABLE_AFTER_TRIES - 1):
            assert sender.send() == 1
            later(86_400)
        assert Webhook.objects.get().active
        assert sender.send() == 1
        webhook = Webhook.objects.get()
        assert (webhook.active, webhook.status) == (False, "failed")
        entry = AuditEntry.objects.get(verb="webhook.given_up")
        assert (entry.actor, entry.changes["failed tries"]) == (None, outbox.DISABLE_AFTER_TRIES)
        later()
        assert sender.send() == 0
        assert WebhookDelivery.objects.get().state == DeliveryState.WAITING

    def test_often_in_a_short_time_stays_on(self, workspace: Workspace, receiver: Receiver) -> None:
        make_webhook(workspace, receiver.url())
        heard(workspace)
        receiver.answer = lambda post: 500
        consumers.run_all()
        for _ in range(outbox.TRIES):
            WebhookDelivery.objects.filter(due_at__isnull=False).update(due_at=NOON)
            Webhook.objects.update(paused_until=None)
            sender.send()
        assert Webhook.objects.get().failures == outbox.TRIES
        assert Webhook.objects.get().active

    def test_does_not_hold_up_others(
        self, workspace: Workspace, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(http_client, "PATIENCE", 3.0)
        other = make_workspace("Other")
        make_webhook(other, receiver.url())
        many = outbox.BATCH * 3
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
            consumers.run_all()
            began = time.monotonic()
            sender.send()
        assert Counter(receiver.event_ids) == Counter(str(event.key) for event in wanted)
        assert max(arrived) - began < 3 <= time.monotonic() - began
        silence = WebhookDelivery.objects.filter(workspace_id=workspace.pk)
        assert silence.filter(attempts=0).count() == many - outbox.BATCH
        assert {row.error for row in silence.filter(attempts=1)} == {"No answer within 3 seconds."}
