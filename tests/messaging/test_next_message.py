"""A message that leads to another, and messages that a reload must not lose."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from console.accounts.models import Workspace
from messaging.campaigns.models import Campaign
from messaging.common.source_kinds import SourceKind
from messaging.deliveries.models import Delivery
from messaging.deliveries.services import queue
from messaging.deliveries.services.queue import Ask
from messaging.deliveries.tokens import write_token
from messaging.people.models import AnonymousId, Person
from messaging.snapshots.models import Snapshot
from messaging.values import DeliveryRef
from tests.messaging.factories import make_campaign, make_delivery, make_snapshot, make_version
from tests.people import make_person, make_workspace

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace() -> Workspace:
    return make_workspace()


@pytest.fixture
def ann(workspace: Workspace) -> Person:
    return make_person(workspace, "ann")


def use_of(workspace: Workspace, behaviour: dict[str, str], **display: str) -> Snapshot:
    """A message of one button, in a running campaign of its own."""
    button = {"kind": "button", "id": "b", "action": {"id": "a", "text": "Go", "name": "Go", "behaviour": behaviour}}
    name = f"{behaviour} {display}"
    draft = {"steps": [{"id": "s1", "blocks": [button]}], "display": display}
    campaign = make_campaign(workspace, name)
    return make_snapshot(
        workspace, SourceKind.CAMPAIGN, campaign.pk, version=make_version(workspace, f"One button {name}", draft)
    )


def token(delivery: Delivery) -> str:
    return write_token(
        DeliveryRef(delivery.workspace_id, delivery.snapshot_id, delivery.person_id, delivery.pk, delivery.test)
    )


def handed_over(delivery: Delivery) -> Any:
    content = Client().get(f"/renderer/content/{token(delivery)}").json()
    return content["steps"][0]["blocks"][0]["action"]["behaviour"].get("properties")


@pytest.fixture
def second(workspace: Workspace) -> Snapshot:
    return use_of(workspace, {"kind": "dismiss"}, type="banner")


@pytest.fixture
def first(workspace: Workspace, second: Snapshot) -> Snapshot:
    return use_of(workspace, {"kind": "message", "value": str(second.message_id)})


def test_a_tap_that_shows_a_message_hands_over_its_delivery(ann: Person, first: Snapshot, second: Snapshot) -> None:
    next_one = make_delivery(ann, second)
    properties = handed_over(make_delivery(ann, first))
    assert properties["gist"]["campaignId"] == token(next_one)
    assert properties["gist"]["elementId"] == "x-gist-top"


def test_somebody_not_known_yet_is_led_on_too(workspace: Workspace, first: Snapshot, second: Snapshot) -> None:
    visitor = Person.objects.create(workspace=workspace)
    AnonymousId.objects.create(workspace=workspace, anonymous_id="browser", person=visitor)
    next_one = make_delivery(visitor, second)
    assert handed_over(make_delivery(visitor, first))["gist"]["campaignId"] == token(next_one)


def test_nothing_is_handed_over_that_does_not_wait_for_this_person(
    workspace: Workspace, ann: Person, first: Snapshot, second: Snapshot
) -> None:
    other = make_delivery(make_person(workspace, "bob"), second)
    make_delivery(ann, second)
    delivery = make_delivery(ann, first)
    assert handed_over(delivery)["gist"]["campaignId"] != token(other)
    Campaign.objects.filter(pk=second.source_id).update(status="finished")
    assert handed_over(delivery) is None


@pytest.mark.parametrize(
    ("behaviour", "display", "persistent"),
    [("dismiss", "modal", False), ("snooze", "modal", True), ("dismiss", "inline", True), ("dismiss", "banner", True)],
)
def test_what_stays_until_it_is_closed_says_so(
    workspace: Workspace, ann: Person, behaviour: str, display: str, persistent: bool
) -> None:
    selector = {"selector": "#here"} if display == "inline" else {}
    make_delivery(ann, use_of(workspace, {"kind": behaviour}, type=display, **selector))
    [offer] = queue.offers(Ask(workspace.pk, user_id="ann"))
    assert offer.display.get("persistent", False) is persistent
