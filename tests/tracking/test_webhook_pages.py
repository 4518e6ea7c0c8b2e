"""The pages: what each role sees and may do, what nonsense gets, and that a secret is shown once."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from console.accounts.models import AuditEntry
from tests.console.cast import Cast, as_, make_cast
from tests.tracking.receiver import Receiver
from tests.tracking.webhooks import heard, make_webhook
from tracking import consumers
from tracking.webhooks import endpoints, outbox, payload, sender
from tracking.webhooks.models import Webhook, WebhookDelivery

pytestmark = pytest.mark.django_db
URL = "https://example.org/hook"


@pytest.fixture
def cast() -> Cast:
    cache.clear()
    return make_cast()


def form(**over: Any) -> dict[str, Any]:
    return {"url": URL, "kinds": ["7", "8", "9"], "nonce": str(uuid.uuid4()), **over}


def verbs() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))


def shown_secret(page: Any) -> str:
    [plain] = re.findall(r'id="plain">(\w+)<', page.content.decode())
    return str(plain)


def text_of(page: Any) -> str:
    return str(page.content.decode())


class TestAdding:
    def test_shows_the_secret_once_and_keeps_it_nowhere(self, cast: Cast) -> None:
        page = as_(cast.alice).post(cast.url("webhooks/new/"), form(kinds=["8"]))
        assert page["Cache-Control"] == "no-store"
        webhook = Webhook.objects.get()
        assert (webhook.url, webhook.kinds, webhook.workspace) == (URL, [8], cast.workspace)
        secret = shown_secret(page)
        assert secret == payload.secret(webhook)
        assert secret not in text_of(as_(cast.alice).get(cast.url(f"webhooks/{webhook.pk}/")))
        assert secret not in str(list(Webhook.objects.values())) + str(list(AuditEntry.objects.values()))
        assert verbs() == ["webhook.created"]

    def test_again_by_a_reload_makes_no_second_one(self, cast: Cast) -> None:
        sent, client = form(), as_(cast.alice)
        client.post(cast.url("webhooks/new/"), sent)
        page = client.post(cast.url("webhooks/new/"), sent | {"url": URL + "2"}, follow=True)
        assert "shown only once" in text_of(page)
        assert Webhook.objects.count() == 1

    @pytest.mark.parametrize(
        ("over", "field", "why"),
        [
            ({"url": ""}, "url", "Enter the address"),
            ({"url": "nonsense"}, "url", "Begin with https://"),
            ({"url": "ftp://example.org"}, "url", "Begin with https://"),
            ({"url": "https://example.org/" + "x" * 500}, "url", "at most 500"),
            ({"url": "http://169.254.169.254/latest/"}, "url", "private address"),
            ({"url": "http://localhost:8000/"}, "url", "EARSHOT_WEBHOOK_ALLOW"),
            ({"url": "https://example.org:25/"}, "url", "Port 25"),
            ({"kinds": []}, "kinds", "Choose at least one"),
            ({"kinds": ["2"]}, "kinds", "none of these"),
            ({"kinds": ["x"]}, "kinds", "none of these"),
            ({"nonce": "1"}, "nonce", "UUID"),
        ],
    )
    def test_of_nonsense_says_which_field_and_changes_nothing(
        self, cast: Cast, over: dict[str, Any], field: str, why: str
    ) -> None:
        page = as_(cast.alice).post(cast.url("webhooks/new/"), form(**over))
        assert page.status_code == 422
        assert why in page.context["form"].errors[field].as_text()
        assert not Webhook.objects.exists()
        assert verbs() == []

    def test_of_an_address_that_is_there_is_refused(self, cast: Cast) -> None:
        make_webhook(cast.workspace, URL)
        page = as_(cast.alice).post(cast.url("webhooks/new/"), form())
        assert page.status_code == 422
        assert "with this address already" in page.context["form"].errors["url"].as_text()
        assert Webhook.objects.count() == 1

    def test_is_bounded(self, cast: Cast) -> None:
        for n in range(endpoints.MOST):
            make_webhook(cast.workspace, f"{URL}/{n}")
        page = as_(cast.alice).post(cast.url("webhooks/new/"), form())
        assert "20 webhooks at most" in page.context["form"].errors["url"].as_text()
        assert Webhook.objects.count() == endpoints.MOST


class TestWhoMay:
    @pytest.mark.parametrize("who", ["alice", "ann", "vic"])
    def test_members_look(self, cast: Cast, who: str) -> None:
        webhook = make_webhook(cast.workspace)
        client = as_(getattr(cast, who))
        assert webhook.url in text_of(client.get(cast.url("webhooks/")))
        page = text_of(client.get(cast.url(f"webhooks/{webhook.pk}/")))
        assert webhook.url in page
        for button in ("Send a test", "New secret", "Switch off", "Delete"):
            assert (button in page) == (who == "alice")
        assert payload.secret(webhook) not in page

    @pytest.mark.parametrize(("who", "status"), [("ann", 403), ("vic", 403), ("charlie", 404)])
    @pytest.mark.parametrize(
        "page",
        [
            "new/",
            "{pk}/edit/",
            "{pk}/switch/",
            "{pk}/secret/",
            "{pk}/test/",
            "{pk}/delete/",
            "{pk}/deliveries/{row}/retry/",
        ],
    )
    def test_owners_alone_change(self, cast: Cast, receiver: Receiver, who: str, status: int, page: str) -> None:
        webhook = make_webhook(cast.workspace, receiver.url())
        heard(cast.workspace)
        consumers.run_all()
        row = WebhookDelivery.objects.get()
        outbox.take(1)
        before = list(Webhook.objects.values()), list(WebhookDelivery.objects.values())
        address = cast.url("webhooks/" + page.format(pk=webhook.pk, row=row.pk))
        assert as_(getattr(cast, who)).post(address, form(on="no")).status_code == status
        assert (list(Webhook.objects.values()), list(WebhookDelivery.objects.values())) == before
        assert not receiver.posts
        assert verbs() == []

    @pytest.mark.parametrize("page", ["", "edit/", "switch/", "secret/", "test/", "delete/", "deliveries/1/retry/"])
    def test_nobody_reaches_another_workspaces(self, cast: Cast, page: str) -> None:
        webhook = make_webhook(cast.workspace)
        client = as_(cast.charlie)
        method = client.get if page in ("", "edit/") else client.post
        for address in (f"/w/other/webhooks/{webhook.pk}/{page}", cast.url(f"webhooks/{webhook.pk}/{page}")):
            assert method(address, form()).status_code == 404
        assert method(f"/w/other/webhooks/{10**30}/{page}", form()).status_code == 404
        assert Webhook.objects.filter(pk=webhook.pk, active=True, generation=1).exists()
        assert webhook.url not in text_of(client.get("/w/other/webhooks/"))

    def test_a_row_of_another_endpoint_is_not_found(self, cast: Cast) -> None:
        first, second = make_webhook(cast.workspace), make_webhook(cast.workspace, URL + "2")
        heard(cast.workspace)
        consumers.run_all()
        row = WebhookDelivery.objects.get(webhook_id=second.pk)
        client = as_(cast.alice)
        assert client.post(cast.url(f"webhooks/{first.pk}/deliveries/{row.pk}/retry/")).status_code == 404
        assert client.post(cast.url(f"webhooks/{first.pk}/deliveries/{10**30}/retry/")).status_code == 404

    @pytest.mark.parametrize("page", ["switch/", "secret/", "test/", "delete/", "deliveries/1/retry/"])
    def test_looking_changes_nothing(self, cast: Cast, page: str) -> None:
        webhook = make_webhook(cast.workspace)
        assert as_(cast.alice).get(cast.url(f"webhooks/{webhook.pk}/{page}")).status_code == 405


class TestChanging:
    def test_keeps_what_was_sent_and_writes_it_down(self, cast: Cast) -> None:
        webhook = make_webhook(cast.workspace)
        client, address = as_(cast.alice), cast.url(f"webhooks/{webhook.pk}/edit/")
        assert f'value="{webhook.url}"' in text_of(client.get(address))
        assert client.post(address, form(url=URL + "2", kinds=["9"])).status_code == 302
        assert client.post(address, form(url=URL + "2", kinds=["9"])).status_code == 302
        webhook.refresh_from_db()
        assert (webhook.url, webhook.kinds) == (URL + "2", [9])
        entry = AuditEntry.objects.get()
        assert (entry.verb, entry.actor) == ("webhook.changed", cast.alice)
        assert entry.changes == {"url": [URL, URL + "2"], "wants": ["opened, clicked, dismissed", "dismissed"]}

    @pytest.mark.parametrize("over", [{"url": "http://10.0.0.1/"}, {"kinds": []}, {"url": URL + "/taken"}])
    def test_to_nonsense_changes_nothing(self, cast: Cast, over: dict[str, Any]) -> None:
        webhook = make_webhook(cast.workspace)
        make_webhook(cast.workspace, URL + "/taken")
        page = as_(cast.alice).post(cast.url(f"webhooks/{webhook.pk}/edit/"), form(**over))
        assert page.status_code == 422
        assert set(page.context["form"].errors) == set(over)
        assert Webhook.objects.filter(url=URL, kinds=[7, 8, 9]).exists()
        assert verbs() == []

    def test_switching_off_and_on_is_said_once_and_starts_afresh(self, cast: Cast) -> None:
        webhook = make_webhook(
            cast.workspace, active=False, failures=12, failing_since=timezone.now(), gave_up_at=timezone.now()
        )
        client, address = as_(cast.alice), cast.url(f"webhooks/{webhook.pk}/switch/")
        assert "it kept failing" in text_of(client.get(cast.url("webhooks/")))
        assert "12 in a row" in text_of(client.get(cast.url(f"webhooks/{webhook.pk}/")))
        for _ in range(2):
            client.post(address, {"on": "yes"})
        webhook.refresh_from_db()
        assert (webhook.status, webhook.failures, webhook.gave_up_at) == ("live", 0, None)
        client.post(address, {"on": "no"})
        webhook.refresh_from_db()
        assert webhook.status == "off"
        assert verbs() == ["webhook.switched_on", "webhook.switched_off"]

    def test_what_waited_while_it_was_off_is_sent_and_what_came_is_not(self, cast: Cast, receiver: Receiver) -> None:
        webhook = make_webhook(cast.workspace, receiver.url())
        client, address = as_(cast.alice), cast.url(f"webhooks/{webhook.pk}/switch/")
        before = heard(cast.workspace)
        consumers.run_all()
        client.post(address, {"on": "no"})
        heard(cast.workspace)
        consumers.run_all()
        assert sender.send() == 0
        client.post(address, {"on": "yes"})
        after = heard(cast.workspace)
        consumers.run_all()
        sender.send()
        assert sorted(receiver.event_ids) == sorted([str(before.key), str(after.key)])

    def test_a_new_secret_is_shown_once_and_signs_at_once(self, cast: Cast, receiver: Receiver) -> None:
        webhook = make_webhook(cast.workspace, receiver.url())
        old = payload.secret(webhook)
        sent, client, address = form(), as_(cast.alice), cast.url(f"webhooks/{webhook.pk}/secret/")
        page = client.post(address, sent)
        secret = shown_secret(page)
        assert page["Cache-Control"] == "no-store"
        assert secret != old
        again = client.post(address, sent, follow=True)
        assert "shown already" in text_of(again)
        assert secret not in text_of(again)
        assert "Reload the page" in text_of(client.post(address, {"nonce": "x"}, follow=True))
        heard(cast.workspace)
        consumers.run_all()
        sender.send()
        assert receiver.posts[0].is_signed_with(secret)
        assert not receiver.posts[0].is_signed_with(old)
        assert verbs() == ["webhook.secret_rotated"]

    def test_deleting_ends_it_and_what_waited_is_never_sent(self, cast: Cast, receiver: Receiver) -> None:
        webhook = make_webhook(cast.workspace, receiver.url())
        heard(cast.workspace)
        consumers.run_all()
        page = as_(cast.alice).post(cast.url(f"webhooks/{webhook.pk}/delete/"), follow=True)
        assert "is deleted" in text_of(page)
        assert sender.send() == 0
        assert outbox.prune() == 1
        assert not receiver.posts
        assert verbs() == ["webhook.deleted"]
