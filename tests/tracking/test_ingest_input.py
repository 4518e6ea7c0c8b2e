"""What clients of other makers send, as it is read: cut emoji, PHP's empty lists, padded ids, times in texts."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from tests.tracking.ingest import Caller
from tracking.ingest.models import Event

pytestmark = pytest.mark.django_db


def test_half_a_surrogate_pair_is_replaced(call: Caller) -> None:
    cut = rb'{"type": "track", "event": "Hi \ud83d", "userId": "u", "properties": {"\ud83d": "\ude00"}}'
    assert call.verdicts("batch", b'{"batch": [' + cut + b"]}") == ["accepted"]
    assert call.verdicts("track", cut) == ["accepted"]
    assert {event.name for event in Event.objects.all()} == {"Hi \ufffd"}
    assert Event.objects.latest("received_at").payload == {"\ufffd": "\ufffd"}


@pytest.mark.parametrize("kind", ["track", "batch"])
def test_a_key_that_is_no_text_is_answered(call: Caller, client: Client, kind: str) -> None:
    body = rb'{"writeKey": "\ud800", "event": "x", "userId": "u", "batch": [{}]}'
    for path in (f"/v1/{kind}", f"/v1/%{ord(kind[0]):x}{kind[1:]}"):
        answer = client.post(path, body, content_type="text/plain")
        assert (answer.status_code, answer.json()["code"]) == (401, "unknown_key")
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"nonsense", 400), (b" " * 520_000, 413), (b'{"event": "' + b"x" * 33_000 + b'"}', 400), (b'{"event": 1}', 200)],
)
def test_a_call_that_cannot_be_read_is_refused_in_the_shape_that_clients_show(
    call: Caller, body: bytes, status: int
) -> None:
    answer = call("track", body)
    assert answer.status_code == status
    said = answer.json()
    assert said["results"][0]["verdict"] == "rejected"
    if status != 200:
        assert said["code"] == said["results"][0]["code"]
        assert said["message"] == said["meta"]["error"] == said["results"][0]["detail"]
    assert not Event.objects.exists()


def test_a_batch_that_is_too_long_is_refused_as_a_whole(call: Caller) -> None:
    answer = call("batch", {"batch": [{"type": "page", "userId": "u"}] * 501})
    assert (answer.status_code, answer.json()["code"]) == (400, "too_many_items")
    assert not Event.objects.exists()


def test_the_empty_list_of_php_is_an_empty_map(call: Caller) -> None:
    assert call.verdicts("track", {"event": "x", "userId": "u", "properties": []}) == ["accepted"]
    assert call.verdicts("identify", {"userId": "u", "traits": []}) == ["accepted"]
    assert {event.payload for event in Event.objects.all()} == {None}


def test_traits_are_found_in_the_context_of_an_identify(call: Caller) -> None:
    there = {"traits": {"plan": "pro"}, "library": {"name": "analytics-python"}}
    for traits, found in [({}, "pro"), ({"plan": "free"}, "free"), ([], "pro")]:
        call("identify", {"userId": "u", "traits": traits, "context": there})
        assert Event.objects.latest("received_at").payload == {"plan": found}
    for odd in ("text", 5, None, {"traits": "text"}):
        assert call.verdicts("identify", {"userId": "u", "context": odd}) == ["accepted"]


@pytest.mark.parametrize("user_id", ["user-7", " user-7 ", "user-7\n", "\ufeffuser-7", "user-7\u200b"])
def test_an_id_with_blanks_around_it_is_the_same_id(call: Caller, user_id: str) -> None:
    call("track", {"event": "x", "userId": user_id})
    assert Event.objects.get().user_id == "user-7"


@pytest.mark.parametrize("written", [1_700_000_000, "1700000000", "1700000000000", " 1700000000.0 ", 1_700_000_000_000])
def test_a_time_may_be_a_number_in_a_text(call: Caller, written: object) -> None:
    now = timezone.now().timestamp()
    call("track", {"event": "x", "userId": "u", "timestamp": written, "sentAt": "2023-11-14T22:13:20Z"})
    event = Event.objects.get()
    assert not event.clamped
    assert abs(event.occurred_at.timestamp() - now) < 60
