from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from console.accounts import signing
from console.accounts.models import Role, Workspace
from messaging.broadcasts.models import Broadcast
from messaging.campaigns.models import Campaign
from messaging.people.models import Person
from messaging.segments.models import Segment
from messaging.sources.forms import SourceForm
from tests.messaging.factories import make_broadcast, make_campaign, make_delivery, make_version
from tests.people import make_member, make_person, make_workspace

pytestmark = pytest.mark.django_db
RULE = {"rules_join": "all", "rule_attribute": "plan", "rule_op": "is", "rule_value": "pro"}


@pytest.fixture
def workspace() -> Workspace:
    return make_workspace()


def client_of(workspace: Workspace, role: Role = Role.AUTHOR) -> Client:
    client = Client()
    client.force_login(
        make_member(workspace, role, f"{role}.{workspace.slug}"),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    return client


def url(name: str, **kw: object) -> str:
    return reverse(f"messaging:{name}", kwargs={"workspace": "acme", **kw})


def mark_in(review: str) -> str:
    found = re.search(r'name="reviewed" value="(\w+)"', review)
    assert found
    return found[1]


def every_page(workspace: Workspace) -> list[str]:
    broadcast, campaign = make_broadcast(workspace), make_campaign(workspace)
    segment = Segment.objects.create(workspace=workspace, name="Pro", rules={})
    person = make_person(workspace, "ann", plan="pro")
    lists = [
        url(name)
        for name in (
            "people",
            "segments",
            "segment_new",
            "rule_row",
            "broadcasts",
            "broadcast_new",
            "campaigns",
            "campaign_new",
        )
    ]
    return [
        *lists,
        url("person", pk=person.pk),
        url("segment", pk=segment.pk),
        *(
            url(name, pk=broadcast.pk)
            for name in ("broadcast", "broadcast_edit", "broadcast_send", "broadcast_progress")
        ),
        *(url(name, pk=campaign.pk) for name in ("campaign", "campaign_edit")),
    ]


def test_every_page_opens_for_a_member_and_for_no_stranger(workspace: Workspace) -> None:
    viewer, stranger = client_of(workspace, Role.VIEWER), client_of(make_workspace("Other"))
    for page in every_page(workspace):
        assert viewer.get(page).status_code == 200, page
        assert stranger.get(page).status_code == 404, page


def test_a_broadcast_is_written_reviewed_and_sent(workspace: Workspace) -> None:
    make_person(workspace, "ann")
    message = make_version(workspace).message
    client = client_of(workspace)
    posted = {"name": "News", "message": message.pk, "property_button_text": "Yes!", "when": "now", "segment": ""}
    client.post(url("broadcast_new"), posted)
    broadcast = Broadcast.objects.get()
    assert broadcast.properties == {"button_text": "Yes!"}
    review = client.get(url("broadcast_send", pk=broadcast.pk)).content.decode()
    assert "1 person" in review
    assert "Yes!" in review
    client.post(url("broadcast_send", pk=broadcast.pk), {"reviewed": mark_in(review)})
    broadcast.refresh_from_db()
    assert (broadcast.status, broadcast.audience_size) == ("sending", 1)


def test_a_missing_property_is_named_beside_its_field(workspace: Workspace) -> None:
    message = make_version(workspace).message
    answer = client_of(workspace).post(url("broadcast_new"), {"name": "News", "message": message.pk, "when": "now"})
    assert answer.status_code == 422
    assert "Fill in button_text" in answer.content.decode()
    assert not Broadcast.objects.exists()


def test_fields_and_preview_follow_the_message(workspace: Workspace) -> None:
    message, client = make_version(workspace).message, client_of(workspace)
    posted = {"message": message.pk, "property_button_text": "Sure"}
    assert (
        'name="property_button_text"' in client.post(url("source_fields", kind="broadcasts"), posted).content.decode()
    )
    assert "Sure" in client.post(url("source_preview", kind="campaigns"), posted).content.decode()
    assert client.post(url("audience"), {"segment": "x"}).status_code == 200


def test_a_viewer_starts_nothing(workspace: Workspace) -> None:
    broadcast = make_broadcast(workspace)
    assert client_of(workspace, Role.VIEWER).post(url("broadcast_send", pk=broadcast.pk)).status_code == 403
    assert Broadcast.objects.get().status == "draft"


def test_a_wrong_move_is_said_clearly_and_changes_nothing(workspace: Workspace) -> None:
    campaign = make_campaign(workspace, status="finished")
    answer = client_of(workspace).post(url("campaign_move", pk=campaign.pk, verb="pause"), follow=True)
    assert "cannot become paused" in answer.content.decode()
    assert Campaign.objects.get().status == "finished"


def test_a_running_campaign_with_other_properties_gets_another_use(workspace: Workspace) -> None:
    campaign = make_campaign(workspace)
    posted = {"name": "Welcome", "trigger_event": "Signed up", "frequency": "once", "message": campaign.message_id}
    client_of(workspace).post(url("campaign_edit", pk=campaign.pk), {**posted, "property_button_text": "Other", **RULE})
    after = Campaign.objects.get()
    assert after.snapshot_id != campaign.snapshot_id
    assert after.audience_rules == {"all": [{"attribute": "plan", "op": "is", "value": "pro"}]}


def test_a_segment_is_built_from_rows_and_counts_who_matches(workspace: Workspace) -> None:
    make_person(workspace, "ann", plan="pro")
    client = client_of(workspace)
    assert "<b>1</b>" in client.post(url("segment_count"), RULE).content.decode()
    client.post(url("segment_new"), {"name": "Pro", **RULE})
    assert Segment.objects.get().rules == {"all": [{"attribute": "plan", "op": "is", "value": "pro"}]}


def test_a_segment_in_use_is_not_deleted(workspace: Workspace) -> None:
    segment = Segment.objects.create(workspace=workspace, name="Pro", rules={})
    make_broadcast(workspace, segment=segment)
    answer = client_of(workspace).post(url("segment_delete", pk=segment.pk), follow=True)
    assert "is used by" in answer.content.decode()
    assert Segment.objects.exists()


def test_people_are_found_by_id_and_by_attribute(workspace: Workspace) -> None:
    make_person(workspace, "ann", plan="pro")
    make_person(workspace, "bob")
    client = client_of(workspace)
    for q in ("an", "plan=pro"):
        found = client.get(url("people"), {"q": q}).content.decode()
        assert ">ann<" in found
        assert ">bob<" not in found
    assert client.get(url("people"), {"q": "\x00", "page": "x"}).status_code == 200
    assert Person.objects.count() == 2


def test_two_who_save_one_name_at_once_are_told_beside_the_field(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_broadcast(workspace, "News")
    campaign, client = make_campaign(workspace, "Welcome"), client_of(workspace)
    monkeypatch.setattr(SourceForm, "clean_name", lambda form: form.cleaned_data["name"])  # both looked before either
    posted = {"message": campaign.message_id, "property_button_text": "Yes"}
    for page, more in (
        ("broadcast_new", {"name": "News", "when": "now"}),
        ("campaign_new", {"name": "Welcome", "trigger_event": "x", "frequency": "once"}),
    ):
        answer = client.post(url(page), {**posted, **more})
        assert answer.status_code == 422
        assert "Another one has this name" in answer.content.decode()
    assert (Broadcast.objects.count(), Campaign.objects.count()) == (1, 1)


def test_a_persons_deliveries_stand_under_the_names_of_their_sources(workspace: Workspace) -> None:
    campaign, person = make_campaign(workspace, "Welcome aboard"), make_person(workspace, "ann", plan="pro", vip=True)
    assert campaign.snapshot
    make_delivery(person, campaign.snapshot)
    client, deliveries = client_of(workspace), url("person_deliveries", pk=person.pk)
    assert f'hx-get="{deliveries}"' in client.get(url("person", pk=person.pk)).content.decode()
    page = client.get(deliveries).content.decode()
    assert f'<a href="{url("campaign", pk=campaign.pk)}">Welcome aboard</a>' in page
    assert "Campaign 1" not in page


def test_the_deliveries_of_a_person_of_another_workspace_are_not_found(workspace: Workspace) -> None:
    stranger = make_person(make_workspace("Other"), "ann")
    assert client_of(workspace).get(url("person_deliveries", pk=stranger.pk)).status_code == 404


def test_owners_alone_see_the_signing_secret(workspace: Workspace) -> None:
    page = reverse("console:settings", kwargs={"workspace": "acme"})
    assert signing.secret(workspace.pk) in client_of(workspace, Role.OWNER).get(page).content.decode()
    assert signing.secret(workspace.pk) not in client_of(workspace, Role.AUTHOR).get(page).content.decode()


def test_finishing_a_campaign_asks_first_and_says_what_follows(workspace: Workspace) -> None:
    campaign = make_campaign(workspace)
    page = client_of(workspace).get(url("campaign", pk=campaign.pk)).content.decode()
    assert "Nobody new gets it" in page
    assert "it cannot be started again" in page


def test_viewers_see_no_links_that_change_anything(workspace: Workspace) -> None:
    broadcast, campaign = make_broadcast(workspace), make_campaign(workspace)
    viewer = client_of(workspace, Role.VIEWER)
    pages = [url(name) for name in ("people", "segments", "broadcasts", "campaigns")]
    for page in [*pages, url("broadcast", pk=broadcast.pk), url("campaign", pk=campaign.pk)]:
        shown = viewer.get(page).content.decode().split("<main")[1]
        assert not [way for way in ("/new/", "/edit/", "/import/", "/send/", "/move/") if f'{way}"' in shown], page


@pytest.mark.parametrize("q", ["ada@example.org", "ADA@Example.org", "@example.org", "ada@", " ada@example.org "])
def test_people_are_found_by_their_email_address(workspace: Workspace, q: str) -> None:
    make_person(workspace, "user-1", email="ada@example.org"), make_person(workspace, "user-2", email="b@else.org")
    make_person(workspace, "user-3", email=7), make_person(workspace, "user-4")
    shown = client_of(workspace).get(url("people"), {"q": q}).content.decode()
    assert [name for name in ("user-1", "user-2", "user-3", "user-4") if f">{name}<" in shown] == ["user-1"]


def test_an_id_that_is_an_email_address_is_found_as_well(workspace: Workspace) -> None:
    make_person(workspace, "ada@example.org"), make_person(workspace, "100%@x_y", email="a_b@example.org")
    find = client_of(workspace).get
    assert ">ada@example.org<" in find(url("people"), {"q": "ada@"}).content.decode()
    assert ">100%@x_y<" in find(url("people"), {"q": "a_b@"}).content.decode()
    assert "Nobody found" in find(url("people"), {"q": "a%b@"}).content.decode()


def test_pages_say_which_version_is_sent(workspace: Workspace) -> None:
    client, campaign = client_of(workspace), make_campaign(workspace)
    broadcast = make_broadcast(workspace, snapshot=campaign.snapshot, status="finished", finished_at=timezone.now())
    for page in (url("campaign", pk=campaign.pk), url("broadcast", pk=broadcast.pk)):
        assert "(version 1)" in client.get(page).content.decode()
