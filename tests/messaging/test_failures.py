"""A delivery that cannot be filled in for its person is shown with its reason, and can be tried again."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from console.accounts.models import AuditEntry, Role, Workspace
from messaging import liquid
from messaging.campaigns.models import Campaign
from messaging.deliveries.models import Delivery, DeliveryState
from messaging.deliveries.services import queue
from messaging.deliveries.tokens import write_token
from messaging.errors import Busy
from messaging.people.models import Person
from messaging.sources.services import failures
from messaging.values import DeliveryRef
from tests.messaging.factories import ago, make_broadcast, make_campaign, make_delivery, make_snapshot
from tests.messaging.test_source_pages import client_of
from tests.people import make_person, make_workspace

pytestmark = pytest.mark.django_db
TOO_LONG = "{{ customer.bio | upcase }}"  # of a person whose `bio` is longer than a filter works on


@pytest.fixture
def workspace() -> Workspace:
    return make_workspace()


@pytest.fixture
def campaign(workspace: Workspace) -> Campaign:
    made = make_campaign(workspace)
    snapshot = make_snapshot(workspace, 2, made.pk, name="Personal", button_text=TOO_LONG)
    Campaign.objects.update(snapshot=snapshot)
    made.refresh_from_db()
    return made


def failed(campaign: Campaign, name: str = "ann", **over: Any) -> Delivery:
    person = make_person(campaign.workspace, name, bio="x" * 30_000)
    assert campaign.snapshot
    delivery = make_delivery(person, campaign.snapshot, **over)
    assert shown(delivery) == 404
    delivery = Delivery.objects.get(pk=delivery.pk)
    assert delivery.state == DeliveryState.FAILED
    return delivery


def shown(delivery: Delivery) -> int:
    ref = DeliveryRef(delivery.workspace_id, delivery.snapshot_id, delivery.person_id, delivery.pk, delivery.test)
    return Client().get(f"/renderer/content/{write_token(ref)}").status_code


def page_of(source: Campaign, role: Role = Role.AUTHOR) -> str:
    url = reverse("messaging:campaign", kwargs={"workspace": source.workspace.slug, "pk": source.pk})
    return client_of(source.workspace, role).get(url).content.decode()


def test_the_page_of_the_source_says_what_failed_why_and_of_whom(campaign: Campaign) -> None:
    failed(campaign, "ann")
    failed(campaign, "bob")
    page = page_of(campaign)
    assert "works on a value that is too large" in page
    assert ">ann</a>" in page
    assert ">bob</a>" in page
    assert [(reason.count, len(reason.people)) for reason in failures.of(campaign)] == [(2, 2)]


def test_the_page_of_the_person_says_why(campaign: Campaign) -> None:
    delivery = failed(campaign)
    url = reverse("messaging:person_deliveries", kwargs={"workspace": "acme", "pk": delivery.person_id})
    assert "works on a value that is too large" in client_of(campaign.workspace).get(url).content.decode()


def test_a_source_without_failures_says_nothing_of_them(campaign: Campaign) -> None:
    assert "Could not be shown" not in page_of(campaign)


def test_tried_again_it_is_filled_in_with_what_is_known_now(campaign: Campaign) -> None:
    delivery = failed(campaign)
    Person.objects.update(attributes={"bio": "short"})
    assert failures.retry(campaign, by=None) == 1
    assert len(queue.offers(queue.Ask(campaign.workspace_id, "ann"))) == 1
    assert shown(delivery) == 200
    assert failures.of(campaign) == []
    assert AuditEntry.objects.get(verb="campaign.failed_retried").changes == {"deliveries": 1}


def test_tried_again_after_its_time_it_waits_anew(campaign: Campaign) -> None:
    delivery = failed(campaign)
    Person.objects.update(attributes={"bio": "short"})
    Delivery.objects.update(expires_at=ago(1))
    failures.retry(campaign, by=None)
    assert shown(delivery) == 200


def test_tried_again_too_early_it_fails_again(campaign: Campaign) -> None:
    delivery = failed(campaign)
    failures.retry(campaign, by=None)
    assert shown(delivery) == 404
    assert failures.of(campaign)[0].count == 1


def test_trying_again_touches_no_other_source_and_no_other_state(workspace: Workspace, campaign: Campaign) -> None:
    broadcast = make_broadcast(workspace)
    other = make_delivery(make_person(workspace, "cy"), make_snapshot(workspace, 1, broadcast.pk), state=7)
    assert campaign.snapshot
    gone = make_delivery(make_person(workspace, "di"), campaign.snapshot, state=4)
    failures.retry(campaign, by=None)
    states = dict(Delivery.objects.values_list("pk", "state"))
    assert (states[other.pk], states[gone.pk]) == (7, 4)
    assert not AuditEntry.objects.exists()


def test_a_viewer_tries_nothing_again_and_a_stranger_finds_nothing(campaign: Campaign) -> None:
    delivery = failed(campaign)
    url = reverse("messaging:source_retry", kwargs={"workspace": "acme", "kind": "campaigns", "pk": campaign.pk})
    assert "Try again" not in page_of(campaign, Role.VIEWER)
    assert Client().post(url).status_code == 302
    viewer = Client()
    viewer.force_login(
        campaign.workspace.memberships.get(role=Role.VIEWER).user,
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    assert viewer.post(url).status_code == 403
    assert client_of(make_workspace("Other")).post(url).status_code == 404
    assert Delivery.objects.get(pk=delivery.pk).state == DeliveryState.FAILED


def test_a_moment_of_too_much_work_is_no_failure(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    assert campaign.snapshot
    delivery = make_delivery(make_person(campaign.workspace, "ann", bio="short"), campaign.snapshot)

    def busy(*_: Any, **__: Any) -> None:
        raise Busy("Too many at this moment.")

    with monkeypatch.context() as patch:
        patch.setattr(liquid, "fill_all", busy)
        assert shown(delivery) == 503
    assert shown(delivery) == 200


@pytest.mark.parametrize(
    ("template", "value", "text"),
    [
        ("{% if customer.seats > 5 %}many{% else %}few{% endif %}", "10", "many"),
        ("{% if customer.seats > 5 %}many{% else %}few{% endif %}", 10, "many"),
        ("{% if customer.seats > 5 %}many{% else %}few{% endif %}", "ten", "few"),
        ("{% if customer.seats > 5 %}many{% else %}few{% endif %}", None, "few"),
        ("{% if customer.seats > 5 %}many{% else %}few{% endif %}", True, "few"),
        ("{% if customer.seats > 5 %}many{% else %}few{% endif %}", ["10"], "few"),
        ("{% if customer.seats > 5 %}many{% else %}few{% endif %}", {"a": 1}, "few"),
        ("{% if customer.seats <= 10 %}few{% else %}many{% endif %}", "10", "few"),
        ("{% if customer.seats >= '9' %}many{% else %}few{% endif %}", "10", "many"),
        ("{% if customer.seats == 10 %}ten{% else %}other{% endif %}", "10", "ten"),
        ("{% if customer.seats != 10 %}other{% else %}ten{% endif %}", "10", "ten"),
        ("{% case customer.seats %}{% when 10 %}ten{% else %}other{% endcase %}", "10", "ten"),
        ("{% if customer.seats == true %}yes{% else %}no{% endif %}", "Yes", "yes"),
        ("{% if customer.seats == true %}yes{% else %}no{% endif %}", 1, "no"),
        ("{% if customer.seats contains 'a' %}yes{% else %}no{% endif %}", 10, "no"),
        ("{% if customer.seats contains 10 %}yes{% else %}no{% endif %}", ["10"], "yes"),
        ("{{ customer.seats | plus: 1 }}", "10", "11"),
        ("{{ customer.seats | divided_by: 0 | default: 'none' }}", 10, "none"),
        ("{{ customer.seats | sort | first | default: 'none' }}", ["a", 1, None, {}], "none"),
        ("{{ customer.seats | first | default: 'none' }}", 10, "none"),
        ("{{ 'abc' | slice: customer.seats | default: 'none' }}", "x", "none"),
        ("{% for n in (1..3) limit: customer.seats %}{{ n }}{% endfor %}", "2", "12"),
        ("{% for n in (1..customer.seats) %}{{ n }}{% endfor %}.", "x", "."),
    ],
)
def test_no_odd_attribute_keeps_a_message_from_being_shown(template: str, value: Any, text: str) -> None:
    assert liquid.fill(template, {"customer": {"seats": value}}) == text
