"""What sets a campaign off, for whom, and how often."""

from __future__ import annotations

import pytest

from console.accounts.models import Workspace
from messaging import public
from messaging.common.source_kinds import SourceKind
from messaging.deliveries.models import NO_TRIGGER, Delivery
from messaging.people.models import Person
from tests.messaging.factories import make_call, make_campaign
from tests.people import make_person, make_workspace

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace() -> Workspace:
    return make_workspace()


def test_an_event_sets_off_a_running_campaign(workspace: Workspace) -> None:
    campaign = make_campaign(workspace)
    public.apply_calls([make_call(workspace, "track", "ann", name="Signed up", plan="pro")])
    [delivery] = Delivery.objects.all()
    assert (delivery.source_id, delivery.snapshot_id, delivery.trigger) == (
        campaign.pk,
        campaign.snapshot_id,
        NO_TRIGGER,
    )
    assert delivery.context == {"plan": "pro"}
    assert public.sent(workspace.pk, SourceKind.CAMPAIGN, campaign.pk) == {campaign.message_id: 1}


@pytest.mark.parametrize("status", ["draft", "paused", "finished"])
def test_a_campaign_that_is_not_running_sends_nothing(workspace: Workspace, status: str) -> None:
    make_campaign(workspace, status=status)
    public.apply_calls([make_call(workspace, "track", "ann", name="Signed up")])
    assert not Delivery.objects.exists()


def test_the_events_name_must_be_the_very_same(workspace: Workspace) -> None:
    make_campaign(workspace)
    public.apply_calls([make_call(workspace, "track", "ann", name="signed up")])
    assert not Delivery.objects.exists()


def test_the_audience_is_judged_in_the_order_of_the_log(workspace: Workspace) -> None:
    make_campaign(workspace, audience_rules={"all": [{"attribute": "plan", "op": "is", "value": "pro"}]})
    public.apply_calls(
        [
            make_call(workspace, "track", "ann", name="Signed up"),
            make_call(workspace, "identify", "ann", plan="pro"),
            make_call(workspace, "identify", "bob", plan="pro"),
            make_call(workspace, "track", "bob", name="Signed up"),
            make_call(workspace, "identify", "bob", plan="free"),
        ]
    )
    assert [delivery.person_id for delivery in Delivery.objects.all()] == [Person.objects.get(external_id="bob").pk]


def test_once_is_once_a_person(workspace: Workspace) -> None:
    campaign = make_campaign(workspace)
    public.apply_calls([make_call(workspace, "track", "ann", name="Signed up") for _ in range(3)])
    public.apply_calls([make_call(workspace, "track", "ann", name="Signed up")])
    assert Delivery.objects.count() == 1
    assert public.sent(workspace.pk, SourceKind.CAMPAIGN, campaign.pk) == {campaign.message_id: 1}


def test_always_is_once_an_event(workspace: Workspace) -> None:
    campaign = make_campaign(workspace, frequency="always")
    calls = [make_call(workspace, "track", "ann", name="Signed up") for _ in range(3)]
    public.apply_calls(calls)
    public.apply_calls(calls)
    assert Delivery.objects.count() == 3
    assert public.sent(workspace.pk, SourceKind.CAMPAIGN, campaign.pk) == {campaign.message_id: 3}


def test_once_holds_for_who_had_it_before_being_known(workspace: Workspace) -> None:
    make_campaign(workspace)
    make_person(workspace, "ann")
    public.apply_calls([make_call(workspace, "track", None, "browser", "Signed up")])
    public.apply_calls(
        [make_call(workspace, "identify", "ann", "browser"), make_call(workspace, "track", "ann", name="Signed up")]
    )
    assert Delivery.objects.count() == 1


def test_a_campaign_of_another_workspace_hears_nothing(workspace: Workspace) -> None:
    make_campaign(make_workspace("Other"))
    public.apply_calls([make_call(workspace, "track", "ann", name="Signed up")])
    assert not Delivery.objects.exists()
