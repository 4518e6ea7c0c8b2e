from __future__ import annotations

import base64
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from console.accounts import signing
from console.accounts.models import Workspace
from messaging import public
from messaging.broadcasts.models import Broadcast
from messaging.broadcasts.services import broadcasts, sending
from messaging.campaigns.models import Campaign
from messaging.common.source_kinds import SourceKind
from messaging.deliveries.models import Delivery, DeliveryState
from messaging.deliveries.tokens import write_token
from messaging.people.models import Person
from messaging.values import DeliveryRef
from tests.messaging.factories import (
    ago,
    make_broadcast,
    make_call,
    make_campaign,
    make_delivery,
    make_snapshot,
    make_version,
    outcome,
)
from tests.people import make_person, make_workspace, make_write_key, survey

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace() -> Workspace:
    return make_workspace()


@pytest.fixture
def ann(workspace: Workspace) -> Person:
    return make_person(workspace, "ann", first_name="Ann")


def fetch(workspace: Workspace, who: str | None = "ann", **headers: str) -> Any:
    sent = {"X-CIO-Site-Id": headers.pop("key", None) or make_write_key(workspace), **headers}
    if who is not None:
        sent["X-Gist-Encoded-User-Token"] = base64.b64encode(who.encode()).decode()
    return Client().post("/api/v4/users?sessionId=1", {}, content_type="application/json", headers=sent)


def waiting(workspace: Workspace, who: str = "ann", **headers: str) -> list[str]:
    return [message["queueId"] for message in fetch(workspace, who, **headers).json()["inAppMessages"]]


def token(delivery: Delivery) -> str:
    ref = DeliveryRef(delivery.workspace_id, delivery.snapshot_id, delivery.person_id, delivery.pk, delivery.test)
    return write_token(ref)


def test_a_delivery_waits_in_its_persons_queue(workspace: Workspace, ann: Person) -> None:
    delivery = make_delivery(ann, make_campaign(workspace).snapshot)
    answer = fetch(workspace)
    assert answer.status_code == 200
    assert answer.json() == {
        "inAppMessages": [
            {
                "messageId": str(delivery.message_id),
                "queueId": token(delivery),
                "priority": 1,
                "properties": {
                    "gist": {
                        "campaignId": token(delivery),
                        "messageWidth": 414,
                        "overlayColor": "#00000066",
                        "exitClick": True,
                        "position": "center",
                    }
                },
            }
        ],
        "inboxMessages": [],
    }
    assert answer["X-Gist-Queue-Polling-Interval"] == "10"


def test_nothing_waiting_is_an_empty_list(workspace: Workspace) -> None:
    for who in ("nobody", None):
        assert fetch(workspace, who).json() == {"inAppMessages": [], "inboxMessages": []}


def test_an_unknown_key_is_a_problem(workspace: Workspace, ann: Person) -> None:
    answer = fetch(workspace, key="wk_nonsense")
    assert (answer.status_code, answer.json()["code"]) == (401, "unknown_key")


def test_nonsense_for_a_token_is_a_problem(workspace: Workspace) -> None:
    answer = Client().post(
        "/api/v4/users",
        headers={"X-CIO-Site-Id": make_write_key(workspace), "X-Gist-Encoded-User-Token": "%%%"},
    )
    assert answer.status_code == 400


def test_a_key_of_another_workspace_shows_nothing(workspace: Workspace, ann: Person) -> None:
    make_delivery(ann, make_campaign(workspace).snapshot)
    assert waiting(make_workspace("Other")) == []


def test_one_query_finds_what_waits(workspace: Workspace, ann: Person, django_assert_num_queries: Any) -> None:
    snapshot = make_campaign(workspace).snapshot
    for _ in range(3):
        make_delivery(ann, snapshot)
    key = make_write_key(workspace)
    fetch(workspace, key=key)
    with django_assert_num_queries(2):  # the key, the deliveries
        assert len(fetch(workspace, key=key).json()["inAppMessages"]) == 3


def shown_as(workspace: Workspace, ann: Person, count: int, **display: str) -> list[str]:
    """So many deliveries of one message, the oldest first."""
    name = f"At {len(display)} {display} {Campaign.objects.count()}"
    version = make_version(workspace, name, survey(display=display))
    campaign = make_campaign(workspace, name)
    snapshot = make_snapshot(workspace, SourceKind.CAMPAIGN, campaign.pk, version=version)
    start = Delivery.objects.count()
    return [token(make_delivery(ann, snapshot, created_at=ago(1000 - start - n))) for n in range(count)]


def test_of_messages_for_one_place_the_oldest_few_are_given(workspace: Workspace, ann: Person) -> None:
    modals = shown_as(workspace, ann, 25, type="modal")
    assert waiting(workspace) == modals[:5]


def test_inline_messages_whose_place_is_not_on_the_page_keep_no_modal_waiting(
    workspace: Workspace, ann: Person
) -> None:
    inline = shown_as(workspace, ann, 30, type="inline", selector="#nowhere")
    top = shown_as(workspace, ann, 6, type="banner", position="top")
    bottom = shown_as(workspace, ann, 6, type="banner", position="bottom")
    modal = shown_as(workspace, ann, 1, type="modal")
    assert waiting(workspace) == [*inline[:5], *top[:5], *bottom[:5], *modal]


def test_many_places_that_are_not_on_the_page_keep_no_modal_waiting_either(workspace: Workspace, ann: Person) -> None:
    inline = [shown_as(workspace, ann, 2, type="inline", selector=f"#place-{n}") for n in range(25)]
    modal = shown_as(workspace, ann, 1, type="modal")
    assert waiting(workspace) == [*(first for first, _ in inline[:20]), *modal]


def test_one_message_sent_every_time_keeps_no_other_waiting(workspace: Workspace, ann: Person) -> None:
    inline = shown_as(workspace, ann, 250, type="inline", selector="#nowhere")
    modal = shown_as(workspace, ann, 1, type="modal")
    assert waiting(workspace) == [*inline[:5], *modal]


def test_what_is_sent_expires(workspace: Workspace, ann: Person) -> None:
    Campaign.objects.filter(pk=make_campaign(workspace).pk).update(lifetime_days=3)
    broadcast = make_broadcast(workspace, lifetime_days=7)
    broadcasts.launch(broadcast, by=None)
    sending.send(broadcast.pk)
    public.apply_calls([make_call(workspace, "track", "ann", None, "Signed up")])
    days = {d.source_kind: (d.expires_at - d.created_at).days for d in Delivery.objects.all() if d.expires_at}
    assert days == {SourceKind.BROADCAST: 7, SourceKind.CAMPAIGN: 3}


def test_what_has_expired_is_not_shown_to_who_still_has_its_id(workspace: Workspace, ann: Person) -> None:
    delivery = make_delivery(ann, make_campaign(workspace).snapshot)
    assert Client().get(f"/renderer/content/{token(delivery)}").status_code == 200
    Delivery.objects.update(expires_at=ago(0))
    assert Client().get(f"/renderer/content/{token(delivery)}").status_code == 404


@pytest.mark.parametrize(
    "change",
    [
        {"state": DeliveryState.DISMISSED},
        {"state": DeliveryState.RECALLED},
        {"expires_at": ago(1)},
        {"left_queue_at": ago(1)},
    ],
)
def test_what_is_over_waits_no_more(workspace: Workspace, ann: Person, change: dict[str, Any]) -> None:
    make_delivery(ann, make_campaign(workspace).snapshot, **change)
    assert waiting(workspace) == []


def test_what_was_opened_still_waits_and_what_was_dismissed_does_not(workspace: Workspace, ann: Person) -> None:
    delivery = make_delivery(ann, make_campaign(workspace).snapshot)
    public.settle([outcome(delivery, opened_at=ago(2))])
    assert waiting(workspace) == [token(delivery)]
    public.settle([outcome(delivery, dismissed_at=ago(1), reason="close")])
    assert waiting(workspace) == []


@pytest.mark.parametrize("status", ["paused", "finished"])
def test_a_campaign_that_does_not_run_shows_nothing(workspace: Workspace, ann: Person, status: str) -> None:
    make_delivery(ann, make_campaign(workspace).snapshot)
    Campaign.objects.update(status=status, finished_at=timezone.now())
    assert waiting(workspace) == []


def test_a_cancelled_broadcast_shows_nothing(workspace: Workspace, ann: Person) -> None:
    broadcast = make_broadcast(workspace)
    broadcasts.launch(broadcast, by=None)
    sending.send_chunk(broadcast.pk)
    assert len(waiting(workspace)) == 1
    Broadcast.objects.update(status="cancelled")
    assert waiting(workspace) == []


def test_what_was_sent_before_a_merge_waits_for_the_known_person(workspace: Workspace, ann: Person) -> None:
    make_campaign(workspace)
    public.apply_calls([make_call(workspace, "track", None, "browser", "Signed up")])
    assert len(waiting(workspace, "browser", **{"X-Gist-User-Anonymous": "true"})) == 1
    public.apply_calls([make_call(workspace, "identify", "ann", "browser")])
    assert len(waiting(workspace)) == 1
    assert waiting(workspace, "browser", **{"X-Gist-User-Anonymous": "true"}) == []


def test_where_people_are_signed_nobody_reads_anothers_queue(workspace: Workspace, ann: Person) -> None:
    Workspace.objects.update(signed_people_only=True)
    workspace.refresh_from_db()
    make_delivery(ann, make_campaign(workspace).snapshot)
    assert fetch(workspace).status_code == 401
    assert fetch(workspace, **{"X-Earshot-Signature": signing.sign(workspace.pk, "bob")}).status_code == 401
    assert len(waiting(workspace, **{"X-Earshot-Signature": signing.sign(workspace.pk, "ann")})) == 1


def test_a_logged_delivery_leaves_the_queue(workspace: Workspace, ann: Person) -> None:
    delivery = make_delivery(ann, make_campaign(workspace).snapshot)
    headers = {"X-CIO-Site-Id": make_write_key(workspace)}
    for _ in range(2):
        assert Client().post(f"/api/v1/logs/queue/{token(delivery)}", headers=headers).status_code == 200
    assert waiting(workspace) == []


def test_a_delivery_of_another_workspace_is_not_logged(workspace: Workspace, ann: Person) -> None:
    delivery = make_delivery(ann, make_campaign(workspace).snapshot)
    headers = {"X-CIO-Site-Id": make_write_key(make_workspace("Other"))}
    for queue_id in (token(delivery), "nonsense"):
        assert Client().post(f"/api/v1/logs/queue/{queue_id}", headers=headers).status_code == 404
    assert Delivery.objects.get().left_queue_at is None


def test_the_client_gets_its_settings(workspace: Workspace) -> None:
    key = make_write_key(workspace)
    found = Client().get(f"/v1/projects/{key}/settings", headers={"host": "localhost:8400"}).json()["integrations"]
    assert found["Customer.io Data Pipelines"]["apiHost"] == "localhost:8400/v1"
    assert found["Customer.io In-App Plugin"]["siteId"] == key
    assert Client().get("/v1/projects/wk_nonsense/settings").status_code == 404


class TestContent:
    def test_a_delivery_shows_its_content_resolved(self, workspace: Workspace, ann: Person) -> None:
        delivery = make_delivery(ann, make_campaign(workspace).snapshot)
        answer = Client().get(f"/renderer/content/{token(delivery)}", headers={"origin": "https://shop.example"})
        blocks = answer.json()["steps"][0]["blocks"]
        assert blocks[0]["html"] == "<p>Join the beta, Ann?</p>"
        assert blocks[1]["action"]["name"] == blocks[1]["action"]["text"] == "Count me in"
        assert answer["Access-Control-Allow-Origin"] == "*"

    def test_personal_content_is_frozen_by_the_first_fetch(self, workspace: Workspace, ann: Person) -> None:
        delivery = make_delivery(ann, make_campaign(workspace).snapshot)
        first = Client().get(f"/renderer/content/{token(delivery)}").json()
        Person.objects.update(attributes={"first_name": "Bea"})
        assert Client().get(f"/renderer/content/{token(delivery)}").json() == first
        assert Delivery.objects.get().rendered == first

    def test_content_that_is_the_same_for_all_is_not_kept_per_person(self, workspace: Workspace, ann: Person) -> None:
        draft = survey()
        draft["steps"][0]["blocks"][0]["html"] = "<p>Join the beta?</p>"
        campaign = make_campaign(workspace)
        from tests.messaging.factories import make_snapshot

        snapshot = make_snapshot(workspace, 2, campaign.pk, version=make_version(workspace, "Plain", draft))
        delivery = make_delivery(ann, snapshot)
        assert Client().get(f"/renderer/content/{token(delivery)}").status_code == 200
        assert Delivery.objects.get().rendered is None

    def test_what_was_recalled_or_never_was_shows_nothing(self, workspace: Workspace, ann: Person) -> None:
        delivery = make_delivery(ann, make_campaign(workspace).snapshot, state=DeliveryState.RECALLED)
        for queue_id in (token(delivery), "nonsense"):
            answer = Client().get(f"/renderer/content/{queue_id}")
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
