from __future__ import annotations

import json

import pytest
from django.test import Client

from console.accounts.models import AuditEntry, Role, Workspace
from messaging.broadcasts.models import Broadcast
from tests.people import make_member, make_secret_key, make_user, make_workspace, make_write_key
from tests.tracking.reported import make_broadcast, opened, send, tapped
from tracking.ingest.models import Event
from tracking.rejections.models import Rejection

pytestmark = pytest.mark.django_db


@pytest.fixture
def broadcast(workspace: Workspace) -> Broadcast:
    return make_broadcast(workspace)


@pytest.fixture
def reject(workspace: Workspace) -> Rejection:
    item = {"type": "track", "userId": "ada", "messageId": "m1"}
    return Rejection.objects.create(
        workspace_id=workspace.pk, code="missing_field", detail="event is absent", item=item
    )


def sign_in(client: Client, workspace: Workspace, role: Role) -> None:
    client.force_login(make_member(workspace, role, role.value))


def test_the_inbox_lists_searches_and_filters(client: Client, workspace: Workspace, reject: Rejection) -> None:
    sign_in(client, workspace, Role.VIEWER)
    assert "event is absent" in client.get("/w/acme/rejects/").content.decode()
    assert "event is absent" in client.get("/w/acme/rejects/?q=ada&code=missing_field").content.decode()
    assert "Nothing matches" in client.get("/w/acme/rejects/?q=grace").content.decode()
    assert client.get("/w/acme/rejects/?code=nonsense").status_code == 422
    assert client.get("/w/acme/rejects/?q=%00&page=x").status_code == 200


def test_a_stranger_sees_no_rejects(client: Client, reject: Rejection) -> None:
    client.force_login(make_user("charlie"))
    assert client.get("/w/acme/rejects/").status_code == 404
    assert client.get(f"/w/acme/rejects/{reject.pk}/").status_code == 404


def test_a_reject_of_another_workspace_is_not_found(client: Client, reject: Rejection) -> None:
    sign_in(client, make_workspace("Other"), Role.OWNER)
    assert client.get(f"/w/other/rejects/{reject.pk}/").status_code == 404


def test_a_viewer_may_read_and_not_replay(client: Client, workspace: Workspace, reject: Rejection) -> None:
    sign_in(client, workspace, Role.VIEWER)
    assert "Replay this item" not in client.get(f"/w/acme/rejects/{reject.pk}/").content.decode()
    item = json.dumps(reject.item | {"event": "Signed up"})
    assert client.post(f"/w/acme/rejects/{reject.pk}/", {"item": item}).status_code == 403
    assert not Event.objects.exists()


def test_a_mended_item_is_replayed_once(client: Client, workspace: Workspace, reject: Rejection) -> None:
    sign_in(client, workspace, Role.AUTHOR)
    item = json.dumps(reject.item | {"event": "Signed up"})
    assert client.post(f"/w/acme/rejects/{reject.pk}/", {"item": item}).status_code == 302
    assert client.post(f"/w/acme/rejects/{reject.pk}/", {"item": item}).status_code == 422
    assert Event.objects.get().name == "Signed up"
    assert AuditEntry.objects.filter(verb="reject.replayed").count() == 1


@pytest.mark.parametrize("item", ["", "{", "[]", '{"type": "track", "userId": "ada"}', '{"type": 3}'])
def test_an_item_that_is_still_wrong_says_so_and_changes_nothing(
    client: Client, workspace: Workspace, reject: Rejection, item: str
) -> None:
    sign_in(client, workspace, Role.AUTHOR)
    answer = client.post(f"/w/acme/rejects/{reject.pk}/", {"item": item})
    assert answer.status_code == 422
    assert answer.context["form"].errors["item"]
    assert not Event.objects.exists()
    reject.refresh_from_db()
    assert reject.replayed_at is None


def test_numbers_of_a_list_row(client: Client, workspace: Workspace, broadcast: Broadcast) -> None:
    sign_in(client, workspace, Role.VIEWER)
    send(broadcast.snapshot, 5)
    opened(broadcast.snapshot, 1)
    tapped(broadcast.snapshot, 2)
    body = client.get(f"/w/acme/broadcasts/{broadcast.pk}/numbers/").content.decode()
    assert "5 sent · 2 opened · 1 response (50%)" in body


def test_a_secret_key_reads_the_same_numbers(client: Client, workspace: Workspace, broadcast: Broadcast) -> None:
    opened(broadcast.snapshot, 1)
    tapped(broadcast.snapshot, 2)
    key = {"Authorization": f"Bearer {make_secret_key(workspace)}"}
    told = client.get(f"/api/metrics/broadcasts/{broadcast.pk}", headers=key).json()
    assert (told["opened"], told["responses"], told["response_rate"], told["time_zone"]) == (2, 1, 0.5, "UTC")
    first = told["messages"][0]["tracked_responses"][0]
    assert (first["name"], first["total"], first["people"], first["share"]) == ("Count me in", 1, 1, 1)
    assert client.get(f"/api/metrics/broadcasts/{broadcast.pk}?range=x", headers=key).status_code in (400, 422)
    assert client.get("/api/metrics/campaigns/999", headers=key).status_code == 404


def test_the_api_is_closed_to_other_keys(client: Client, workspace: Workspace, broadcast: Broadcast) -> None:
    url = f"/api/metrics/broadcasts/{broadcast.pk}"
    assert client.get(url).status_code == 401
    assert client.get(url, headers={"Authorization": f"Bearer {make_write_key(workspace)}"}).status_code == 401
    foreign = {"Authorization": f"Bearer {make_secret_key(make_workspace('Other'))}"}
    assert client.get(url, headers=foreign).status_code == 404
