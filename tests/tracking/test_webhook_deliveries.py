"""The list of an endpoint's deliveries, tests among them."""

from __future__ import annotations

from typing import Any

import pytest

from console.accounts.models import AuditEntry
from tests.console.cast import Cast, as_, make_cast
from tests.tracking.receiver import Receiver
from tests.tracking.webhooks import heard, make_webhook
from tracking import consumers
from tracking.webhooks import outbox, payload, sender
from tracking.webhooks.models import DeliveryState, Webhook, WebhookDelivery

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def verbs() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))


def text_of(page: Any) -> str:
    return str(page.content.decode())


class TestATest:
    @pytest.mark.parametrize("active", [True, False])
    def test_is_sent_at_once_signed_and_says_that_it_is_one(self, cast: Cast, receiver: Receiver, active: bool) -> None:
        webhook = make_webhook(cast.workspace, receiver.url(), active=active, kinds=[9])
        page = as_(cast.alice).post(cast.url(f"webhooks/{webhook.pk}/test/"), follow=True)
        assert "The test arrived" in text_of(page)
        [got] = receiver.posts
        assert got.is_signed_with(payload.secret(webhook))
        assert (got.json["metric"], got.json["data"]["test"]) == ("dismissed", True)
        row = WebhookDelivery.objects.get()
        assert (str(row.key), row.state, row.is_test) == (got.event_id, DeliveryState.SENT, True)
        assert verbs() == ["webhook.tested"]

    def test_that_fails_says_why_and_is_not_held_against_the_endpoint(self, cast: Cast, receiver: Receiver) -> None:
        webhook = make_webhook(cast.workspace, receiver.url())
        receiver.answer = lambda post: 401
        page = as_(cast.alice).post(cast.url(f"webhooks/{webhook.pk}/test/"), follow=True)
        assert "did not arrive. It answered 401." in text_of(page)
        webhook.refresh_from_db()
        assert webhook.failures == 0
        row = WebhookDelivery.objects.get()
        assert row.state == DeliveryState.GIVEN_UP
        page = as_(cast.alice).post(cast.url(f"webhooks/{webhook.pk}/deliveries/{row.pk}/retry/"), follow=True)
        assert "Tests are sent once" in text_of(page)
        assert sender.send() == 0

    def test_does_not_reach_private_addresses(self, cast: Cast, receiver: Receiver, settings: Any) -> None:
        webhook = make_webhook(cast.workspace, receiver.url())
        settings.WEBHOOK_ALLOW = []
        page = as_(cast.alice).post(cast.url(f"webhooks/{webhook.pk}/test/"), follow=True)
        assert "private address 127.0.0.1" in text_of(page)
        assert not receiver.posts


class TestTheDeliveries:
    def test_show_what_became_of_each(self, cast: Cast, receiver: Receiver) -> None:
        webhook = make_webhook(cast.workspace, receiver.url())
        receiver.answer = lambda post: 503
        event = heard(cast.workspace)
        consumers.run_all()
        address = cast.url(f"webhooks/{webhook.pk}/")
        assert "Not tried yet" in text_of(as_(cast.vic).get(address))
        sender.send()
        page = text_of(as_(cast.vic).get(address))
        for words in (str(event.key), "1 try", "It answered 503.", "next try", "Waiting", "Failing"):
            assert words in page
        assert "Try again now" not in page

    def test_can_be_tried_again_now(self, cast: Cast, receiver: Receiver) -> None:
        webhook = make_webhook(cast.workspace, receiver.url())
        receiver.answer = lambda post: 400
        heard(cast.workspace)
        consumers.run_all()
        WebhookDelivery.objects.update(attempts=outbox.TRIES - 1)
        sender.send()
        row = WebhookDelivery.objects.get()
        assert row.state == DeliveryState.GIVEN_UP
        receiver.answer = lambda post: 200
        client, address = as_(cast.alice), cast.url(f"webhooks/{webhook.pk}/deliveries/{row.pk}/retry/")
        assert "Try again now" in text_of(client.get(cast.url(f"webhooks/{webhook.pk}/")))
        assert "within seconds" in text_of(client.post(address, follow=True))
        assert sender.send() == 1
        row.refresh_from_db()
        assert row.state == DeliveryState.SENT
        assert "has arrived already" in text_of(client.post(address, follow=True))
        assert sender.send() == 0
        assert verbs() == ["webhook.retried"]

    def test_are_not_tried_again_while_it_is_off(self, cast: Cast) -> None:
        webhook = make_webhook(cast.workspace)
        heard(cast.workspace)
        consumers.run_all()
        Webhook.objects.update(active=False)
        before = list(WebhookDelivery.objects.values())
        row = WebhookDelivery.objects.get()
        page = as_(cast.alice).post(cast.url(f"webhooks/{webhook.pk}/deliveries/{row.pk}/retry/"), follow=True)
        assert "switched off" in text_of(page)
        assert list(WebhookDelivery.objects.values()) == before
        assert verbs() == []

    def test_are_shown_fifty_at_a_time(self, cast: Cast) -> None:
        webhook = make_webhook(cast.workspace)
        for _ in range(60):
            heard(cast.workspace)
        consumers.run_all()
        client, address = as_(cast.vic), cast.url(f"webhooks/{webhook.pk}/")
        first = client.get(address).context
        second = client.get(address, {"before": first["older"]}).context
        assert (len(first["deliveries"]), len(second["deliveries"]), second["older"]) == (50, 10, None)
        assert not {row.pk for row in first["deliveries"]} & {row.pk for row in second["deliveries"]}
        for nonsense in ("x", "-1", "9" * 30, "²", "\0"):
            assert len(client.get(address, {"before": nonsense}).context["deliveries"]) == 50
