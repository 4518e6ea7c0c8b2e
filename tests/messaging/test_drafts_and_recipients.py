"""Duplicating and deleting drafts, and the lists of who got something and who would."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import resolve, reverse

from console.accounts.models import AuditEntry, Role, Workspace
from messaging.broadcasts.models import Broadcast
from messaging.broadcasts.services import broadcasts
from messaging.campaigns.models import Campaign
from messaging.campaigns.services import campaigns
from messaging.common.source_kinds import SourceKind
from messaging.errors import IllegalMove
from messaging.segments.models import Segment
from messaging.snapshots.models import Snapshot
from messaging.sources.services import drafts
from tests.messaging.factories import make_broadcast, make_campaign, make_delivery, make_snapshot
from tests.people import make_member, make_message, make_person, make_workspace

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace() -> Workspace:
    return make_workspace()


def client_of(workspace: Workspace, role: Role = Role.AUTHOR) -> Client:
    client = Client()
    client.force_login(make_member(workspace, role, f"{role}.{workspace.slug}"))
    return client


def url(name: str, kind: str, pk: int) -> str:
    return reverse(f"messaging:{name}", kwargs={"workspace": "acme", "kind": kind, "pk": pk})


def page(name: str, pk: int) -> str:
    return reverse(f"messaging:{name}", kwargs={"workspace": "acme", "pk": pk})


def test_a_finished_broadcast_becomes_a_draft_of_its_own(workspace: Workspace) -> None:
    pro = Segment.objects.create(workspace=workspace, name="Pro", rules={})
    first = make_broadcast(workspace, segment=pro, lifetime_days=7)
    broadcasts.launch(first, by=None)
    answer = client_of(workspace).post(url("source_duplicate", "broadcasts", first.pk))
    copy = Broadcast.objects.get(name="News (copy)")
    assert answer["Location"] == page("broadcast_edit", copy.pk)
    assert (copy.status, copy.message, copy.segment, copy.lifetime_days) == ("draft", first.message, pro, 7)
    assert (copy.properties, copy.snapshot, copy.sent, copy.scheduled_at) == (first.properties, None, 0, None)


def test_a_campaign_is_copied_with_its_trigger_and_audience(workspace: Workspace) -> None:
    rules = {"all": [{"attribute": "plan", "op": "is", "value": "pro"}]}
    first = make_campaign(workspace, audience_rules=rules, frequency="always", status="finished", finished_at=None)
    copy = drafts.duplicate(first, by=None)
    assert isinstance(copy, Campaign)
    assert (copy.name, copy.status, copy.snapshot) == ("Welcome (copy)", "draft", None)
    assert (copy.trigger_event, copy.audience_rules, copy.frequency) == ("Signed up", rules, "always")


def test_a_second_copy_has_another_name(workspace: Workspace) -> None:
    first = make_broadcast(workspace)
    assert [drafts.duplicate(first, by=None).name for _ in range(2)] == ["News (copy)", "News (copy 2)"]


def test_a_draft_is_deleted_with_what_was_frozen_for_it(workspace: Workspace) -> None:
    draft = make_broadcast(workspace)
    make_snapshot(workspace, SourceKind.BROADCAST, draft.pk)
    other = make_snapshot(workspace, SourceKind.BROADCAST, draft.pk + 1)
    client_of(workspace).post(url("source_delete", "broadcasts", draft.pk))
    assert not Broadcast.objects.exists()
    assert list(Snapshot.objects.all()) == [other]
    assert AuditEntry.objects.filter(workspace=workspace, verb="broadcast.deleted", object_id=draft.pk).count() == 1


@pytest.mark.parametrize("status", ["running", "paused", "finished"])
def test_a_campaign_that_was_started_is_not_deleted(workspace: Workspace, status: str) -> None:
    campaign = make_campaign(workspace, status=status)
    client_of(workspace).post(url("source_delete", "campaigns", campaign.pk))
    assert Campaign.objects.get().snapshot is not None
    assert not AuditEntry.objects.filter(verb="campaign.deleted").exists()


def test_a_broadcast_that_is_sent_meanwhile_is_not_deleted(workspace: Workspace) -> None:
    seen = make_broadcast(workspace)
    broadcasts.launch(Broadcast.objects.get(), by=None)
    with pytest.raises(IllegalMove):
        drafts.delete(seen, by=None)
    assert Broadcast.objects.exists()


@pytest.mark.parametrize("name", ["source_duplicate", "source_delete"])
@pytest.mark.parametrize(("who", "status"), [("viewer", 403), ("stranger", 404)])
def test_a_viewer_and_a_stranger_neither_copy_nor_delete(
    workspace: Workspace, name: str, who: str, status: int
) -> None:
    draft = make_broadcast(workspace)
    client = client_of(workspace, Role.VIEWER) if who == "viewer" else client_of(make_workspace("Other"))
    assert client.post(url(name, "broadcasts", draft.pk)).status_code == status
    assert list(Broadcast.objects.all()) == [draft]


def test_another_workspaces_source_is_not_there(workspace: Workspace) -> None:
    foreign = make_broadcast(make_workspace("Other"))
    client = client_of(workspace)
    assert client.post(url("source_duplicate", "broadcasts", foreign.pk)).status_code == 404
    assert client.get(url("source_people", "broadcasts", foreign.pk)).status_code == 404
    assert client.get(f"/w/acme/nonsense/{foreign.pk}/people/").status_code == 404


def test_webhooks_keep_addresses_of_their_own(workspace: Workspace) -> None:
    assert resolve("/w/acme/webhooks/7/delete/").view_name == "tracking:webhook_delete"


def test_who_got_it_is_listed_under_the_names_of_today(workspace: Workspace) -> None:
    campaign = make_campaign(workspace)
    ada, gone, other = (make_person(workspace, name) for name in ("ada", None, "other"))
    type(gone).objects.filter(pk=gone.pk).update(merged_into=ada.pk)
    make_delivery(gone, campaign.snapshot, state=3)  # type: ignore[arg-type]
    make_delivery(other, make_snapshot(workspace, SourceKind.CAMPAIGN, campaign.pk + 1))
    make_delivery(make_person(workspace, "tester"), campaign.snapshot, test=True)  # type: ignore[arg-type]
    shown = client_of(workspace, Role.VIEWER).get(url("source_people", "campaigns", campaign.pk)).content.decode()
    assert f'<a href="{page("person", ada.pk)}">ada</a>' in shown
    assert "Clicked" in shown
    assert not any(name in shown for name in (">other<", ">tester<"))


def test_who_would_get_a_draft_is_listed_before_it_is_sent(workspace: Workspace) -> None:
    pro = Segment.objects.create(
        workspace=workspace, name="Pro", rules={"all": [{"attribute": "plan", "op": "is", "value": "pro"}]}
    )
    make_person(workspace, "in", plan="pro"), make_person(workspace, "out", plan="free")
    draft = make_broadcast(workspace, segment=pro)
    shown = client_of(workspace).get(url("source_people", "broadcasts", draft.pk)).content.decode()
    assert ">in</a>" in shown
    assert ">out</a>" not in shown


def test_the_review_and_the_start_lead_to_what_is_missing(workspace: Workspace) -> None:
    unpublished = make_message(workspace, "Not ready")
    author = client_of(workspace)
    broadcast = make_broadcast(workspace, version=None)
    Broadcast.objects.update(message=unpublished)
    campaign = campaigns.create(
        workspace=workspace, by=None, name="Later", trigger_event="x", message=unpublished, properties={}
    )
    for name, pk in (("broadcast_send", broadcast.pk), ("campaign", campaign.pk)):
        shown = author.get(page(name, pk)).content.decode()
        assert f'<a href="{page("message", unpublished.pk)}">open the message' in shown
        assert "Edit this draft" in shown
        assert ">Start<" not in shown
        assert ">Send now<" not in shown


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("source_fields", {"kind": "broadcasts"}),
        ("source_preview", {"kind": "campaigns"}),
        ("audience", {}),
        ("segment_count", {}),
    ],
)
def test_a_viewer_may_ask_what_a_form_would_come_to(workspace: Workspace, name: str, keys: dict[str, str]) -> None:
    address = reverse(f"messaging:{name}", kwargs={"workspace": "acme", **keys})
    assert client_of(workspace, Role.VIEWER).post(address, {}).status_code == 200
