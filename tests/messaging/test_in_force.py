"""What a campaign sends is what it was started with, whatever is changed beside it."""

from __future__ import annotations

from typing import Any

import pytest

from messaging import public
from messaging.campaigns.models import Campaign
from messaging.campaigns.services import campaigns
from messaging.deliveries.models import Delivery
from tests.messaging.factories import PROPERTIES, make_call, make_campaign, make_version
from tests.people import make_workspace

pytestmark = pytest.mark.django_db


def drafted() -> Campaign:
    return make_campaign(make_workspace(), status="draft", started_at=None, snapshot=None)


def fields(campaign: Campaign, **over: Any) -> dict[str, Any]:
    return {
        "name": campaign.name,
        "trigger_event": campaign.trigger_event,
        "audience_rules": {},
        "frequency": "once",
        "message": campaign.message,
        "properties": PROPERTIES,
        **over,
    }


def test_a_start_freezes_the_message_and_its_properties() -> None:
    campaign = drafted()
    campaigns.start(campaign, by=None)
    assert campaign.snapshot is not None
    assert (campaign.snapshot.message, campaign.snapshot.properties) == (campaign.message, PROPERTIES)
    assert (campaign.snapshot.source_id, campaign.snapshot.workspace) == (campaign.pk, campaign.workspace)
    assert campaign.status == "running"
    assert campaign.started_at is not None


def test_a_start_after_a_pause_keeps_the_time_of_the_first() -> None:
    campaign = drafted()
    campaigns.start(campaign, by=None)
    first = campaign.started_at
    campaigns.pause(campaign, by=None)
    campaigns.start(campaign, by=None)
    assert campaign.started_at == first


def test_a_change_of_a_draft_freezes_nothing() -> None:
    campaign = drafted()
    campaigns.save(campaign, by=None, **fields(campaign, name="Other", lifetime_days=3))
    assert (campaign.snapshot, campaign.name, campaign.lifetime_days, campaign.status) == (None, "Other", 3, "draft")


def test_a_change_under_way_is_in_force_from_now_on() -> None:
    campaign = drafted()
    campaigns.start(campaign, by=None)
    public.apply_calls([make_call(campaign.workspace, "track", "ann", None, "Signed up")])
    other = make_version(campaign.workspace, "Other").message
    campaigns.save(campaign, by=None, **fields(campaign, message=other, properties={"button_text": "Go"}))
    public.apply_calls([make_call(campaign.workspace, "track", "bob", None, "Signed up")])
    sent = Delivery.objects.order_by("created_at", "id")
    assert [one.message_id for one in sent] != [other.pk, other.pk]
    assert {one.snapshot_id for one in sent} == {sent[0].snapshot_id, campaign.snapshot_id}
    assert campaign.snapshot is not None
    assert (campaign.snapshot.message, campaign.snapshot.properties) == (other, {"button_text": "Go"})


def test_a_campaign_without_a_use_sends_nothing() -> None:
    campaign = drafted()
    public.apply_calls([make_call(campaign.workspace, "track", "ann", None, "Signed up")])
    assert not Delivery.objects.exists()


def test_the_times_of_a_campaigns_moves_are_kept() -> None:
    campaign = make_campaign(make_workspace())
    before = campaign.updated_at
    campaigns.pause(campaign, by=None)
    assert campaign.updated_at > before
    campaigns.finish(campaign, by=None)
    assert campaign.finished_at is not None
