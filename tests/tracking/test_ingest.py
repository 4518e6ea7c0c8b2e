"""The line behind the API: what is kept, what is refused, and what the client is told."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from console.accounts.models import Workspace
from console.accounts.services import keys
from tests.people import make_member, make_workspace
from tests.tracking.ingest import Caller
from tracking.ingest.models import Event
from tracking.ingest.rejection_codes import HELP, RejectionCode
from tracking.rejections.models import Rejection

pytestmark = pytest.mark.django_db


def test_every_code_has_a_sentence_of_help() -> None:
    assert set(HELP) == set(RejectionCode)


def test_a_track_call_is_kept(call: Caller, workspace: Workspace) -> None:
    body = {"event": "Signed up", "userId": "u1", "messageId": "m1", "properties": {"plan": "pro"}}
    answer = call("track", body)
    assert answer.json() == {"success": True, "results": [{"index": 0, "messageId": "m1", "verdict": "accepted"}]}
    event = Event.objects.get()
    assert (event.workspace_id, event.kind, event.name, event.user_id) == (workspace.pk, 2, "Signed up", "u1")
    assert event.payload == {"plan": "pro"}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("i", {"userId": "u", "traits": {"a": 1}}),
        ("t", {"anonymousId": "a", "event": "x"}),
        ("p", {"anonymousId": "a", "name": "Home"}),
        ("s", {"userId": 7}),
        ("g", {"userId": "u", "groupId": "g"}),
        ("a", {"userId": "u", "previousId": "a"}),
        ("b", {"batch": [{"type": "page", "userId": "u"}]}),
        ("identify", {"userId": "u"}),
        ("alias", {"userId": "u", "previousId": "a"}),
    ],
)
def test_every_path_and_short_form_is_served(call: Caller, path: str, body: dict[str, Any]) -> None:
    assert call.verdicts(path, body) == ["accepted"]
    assert Event.objects.count() == 1


def test_the_same_message_id_is_kept_once(call: Caller) -> None:
    body = {"event": "x", "userId": "u", "messageId": "m"}
    assert call.verdicts("track", body) == ["accepted"]
    assert call.verdicts("track", body) == ["duplicate"]
    assert call.verdicts("batch", {"batch": [body | {"type": "track"}] * 2}) == ["duplicate"] * 2
    assert Event.objects.count() == 1


def test_twice_in_one_batch_is_once(call: Caller) -> None:
    item = {"type": "track", "event": "x", "userId": "u", "messageId": "m"}
    assert call.verdicts("batch", {"batch": [item, item]}) == ["accepted", "duplicate"]


def test_another_workspace_has_message_ids_of_its_own(call: Caller, client: Client) -> None:
    other = Caller(client, make_workspace("Other"))
    body = {"event": "x", "userId": "u", "messageId": "m"}
    assert call.verdicts("track", body) == ["accepted"]
    assert other.verdicts("track", body) == ["accepted"]


def test_a_missing_message_id_is_made(call: Caller) -> None:
    answer = call("track", {"event": "x", "userId": "u"})
    assert len(answer.json()["results"][0]["messageId"]) == 32


def test_the_key_may_stand_in_the_body_or_in_basic(call: Caller, client: Client) -> None:
    body = {"event": "x", "userId": "u"}
    in_body = client.post("/v1/t", json.dumps(body | {"writeKey": call.key}), content_type="text/plain")
    assert in_body.json()["results"][0]["verdict"] == "accepted"
    from base64 import b64encode

    basic = b64encode(f"{call.key}:".encode()).decode()
    answer = client.post("/v1/t", body, content_type="application/json", headers={"authorization": f"Basic {basic}"})
    assert answer.json()["results"][0]["verdict"] == "accepted"


@pytest.mark.parametrize("key", ["wk_nobody", "", "\u00e9", "Basic !!!"])
def test_an_unknown_key_keeps_nothing(call: Caller, client: Client, key: str) -> None:
    body = json.dumps({"event": "x", "userId": "u", "writeKey": key})
    answer = client.post("/v1/track", body, content_type="text/plain")
    assert answer.status_code == 401
    assert answer.json()["results"][0]["code"] in ("unknown_key", "no_key")
    strict = client.post("/v1/track", body, content_type="text/plain", headers={"X-Strict-Mode": "1"})
    assert strict.status_code == 401
    assert strict["content-type"] == "application/problem+json"
    assert {"code", "message", "type", "title", "status", "detail"} <= strict.json().keys()
    assert not Event.objects.exists()
    assert not Rejection.objects.exists()


def test_a_revoked_key_is_refused(call: Caller, workspace: Workspace) -> None:
    assert call.verdicts("track", {"event": "x", "userId": "u"}) == ["accepted"]
    from console.accounts.models import Role

    keys.revoke(workspace.keys.get(), by=make_member(workspace, Role.OWNER, "alice"))
    assert call.verdicts("track", {"event": "x", "userId": "u"}) == ["unknown_key"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "bad_json"),
        (b"[]", "bad_json"),
        (b"nonsense", "bad_json"),
        (b'{"event": "\xff"}', "bad_json"),
        (b'{"event": "x", "userId": "u", "properties": {"a": "\\u0000"}}', "bad_text"),
        (b'{"event": "x", "userId": "u", "properties": {"\\u0000": 1}}', "bad_text"),
        (b'{"event": "a\\u0000", "userId": "u"}', "bad_text"),
        (b'{"event": "x", "userId": "u", "properties": {"a": 99999999999999999999}}', "bad_number"),
        (b'{"event": "x", "userId": "u", "properties": {"a": ' + b"9" * 5000 + b"}}", "bad_number"),
        (b'{"event": "x", "userId": "u", "properties": {"a": 1e999}}', "bad_number"),
        (b'{"event": "x", "userId": "u", "properties": ' + b'{"a":' * 60 + b"1" + b"}" * 61, "too_deep"),
        (b'{"event": "x", "userId": "u", "properties": {"a":' + b"[" * 9000 + b"]" * 9000 + b"}}", "too_deep"),
        (b'{"event": "x", "userId": "u", "properties": {"a": "' + b"x" * 33000 + b'"}}', "item_too_large"),
        (b'{"event": "x", "userId": "u", "properties": [1]}', "wrong_type"),
        (b'{"event": "x", "userId": " \\n"}', "bad_id"),
        (b'{"event": "x", "userId": "undefined"}', "bad_id"),
        (b'{"event": "x", "anonymousId": "[object Object]"}', "bad_id"),
        (b'{"event": "x", "userId": 0}', "bad_id"),
        (b'{"event": "x", "userId": "u", "timestamp": "yesterday"}', "bad_time"),
        (b'{"event": 5, "userId": "u"}', "wrong_type"),
        (b'{"userId": "u"}', "missing_field"),
        (b'{"event": "  ", "userId": "u"}', "missing_field"),
        (b'{"event": "x"}', "missing_field"),
        (b'{"event": "x", "userId": "' + b"u" * 151 + b'"}', "too_long"),
        (b'{"event": "' + b"u" * 201 + b'", "userId": "u"}', "too_long"),
        (b'{"event": "x' + b" " * 520_000 + b'"}', "too_large"),
    ],
)
def test_bad_input_is_refused_with_its_code(call: Caller, body: bytes, code: str) -> None:
    assert call.verdicts("track", body) == [code]
    answer = call("track", body, **{"X-Strict-Mode": "1"})
    assert answer.status_code == (413 if code == "too_large" else 400)
    assert answer.json()["code"] == code
    assert not Event.objects.exists()
    assert {reject.code for reject in Rejection.objects.all()} == {code}


@pytest.mark.parametrize("path", ["identify", "track", "page", "screen", "group", "alias", "batch"])
@pytest.mark.parametrize("body", [b"null", b"5", b'"x"', b"{}", b'{"batch": 5}', b'{"batch": [null, 5, "x", {}]}'])
def test_nonsense_never_breaks_the_line(call: Caller, path: str, body: bytes) -> None:
    verdicts = call.verdicts(path, body)
    assert verdicts
    assert "accepted" not in verdicts
    assert not Event.objects.exists()


def test_a_bad_item_does_not_harm_its_neighbours(call: Caller) -> None:
    good = {"type": "track", "event": "x", "userId": "u"}
    items = [good, {"type": "track"}, {"type": "dance", "userId": "u"}, {"userId": "u"}, good]
    verdicts = ["accepted", "missing_field", "unknown_type", "missing_field", "accepted"]
    assert call.verdicts("batch", {"batch": items}) == verdicts
    assert Event.objects.count() == 2
    assert Rejection.objects.count() == 3


def test_strict_mode_keeps_the_valid_items(call: Caller) -> None:
    items = [{"type": "track", "event": "x", "userId": "u"}, {"type": "track"}]
    answer = call("batch", {"batch": items}, **{"X-Strict-Mode": "1"})
    assert answer.status_code == 400
    assert [r["verdict"] for r in answer.json()["results"]] == ["accepted", "rejected"]
    assert Event.objects.count() == 1


def test_a_batch_has_500_items_at_most(call: Caller) -> None:
    item = {"type": "page", "userId": "u"}
    assert call.verdicts("batch", {"batch": [item] * 500}) == ["accepted"] * 500
    assert call.verdicts("batch", {"batch": [item] * 501}) == ["too_many_items"]
    assert call.verdicts("batch", {"batch": []}) == []


def test_gzip_is_read_and_bounded(call: Caller) -> None:
    good = {"event": "x", "userId": "u"}
    assert call.verdicts("track", good, zipped=True) == ["accepted"]
    assert call.verdicts("track", b" " * 5_000_000, zipped=True) == ["too_large"]
    encoding = {"content-encoding": "gzip"}
    assert call.verdicts("track", b"not gzip", **encoding) == ["bad_encoding"]
    assert call.verdicts("track", good, **{"content-encoding": "br"}) == ["bad_encoding"]
    assert Event.objects.count() == 1


def test_the_clock_of_the_client_is_corrected(call: Caller) -> None:
    call("track", {"event": "x", "userId": "u", "timestamp": "2001-01-01T00:00:00Z", "sentAt": "2001-01-01T01:00:00Z"})
    event = Event.objects.get()
    assert not event.clamped
    assert 3590 < (timezone.now() - event.occurred_at).total_seconds() < 3620


def test_secrets_do_not_reach_the_inbox(call: Caller) -> None:
    body = {"userId": "u", "writeKey": call.key, "properties": {"password": "hunter2", "nice": "yes"}}
    call("track", body)
    call("track", b'{"writeKey": "' + call.key.encode() + b'", broken')
    kept = json.dumps([reject.item for reject in Rejection.objects.all()])
    assert Rejection.objects.count() == 2
    assert call.key not in kept
    assert "hunter2" not in kept
    assert "yes" in kept


def test_a_flood_of_refusals_is_bounded(call: Caller) -> None:
    assert call.verdicts("batch", {"batch": [{}] * 500}) == ["missing_field"] * 500
    assert Rejection.objects.count() == 120


def test_the_paths_take_posts_alone(call: Caller, client: Client) -> None:
    assert client.get("/v1/track").status_code == 405
