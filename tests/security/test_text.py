"""Text that PostgreSQL cannot keep, and encodings that are none, through pages and forms: refused, never a 5xx."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.cache import cache

from messaging.messages.models import Message
from messaging.segments.models import Segment
from tests.console.cast import Cast, as_, make_cast
from tests.people import make_message
from tracking.rejections import services as rejects
from tracking.rejections.models import Rejection
from tracking.webhooks.models import Webhook

BAD_RULES = [
    "[]",
    "0",
    '{"all": [{"attribute": "a", "op": "gt", "value": Infinity}]}',
    '{"all": [{"attribute": "a", "op": "gt", "value": 1e400}]}',
    '{"all": [' * 990 + "]}" * 990,
    r'{"all": [{"attribute": "a\u0000", "op": "is", "value": "x"}]}',
]


@pytest.fixture
def cast(db: Any) -> Cast:
    cache.clear()
    return make_cast()


@pytest.mark.parametrize("rules", BAD_RULES)
def test_rules_that_cannot_be_kept_are_refused(cast: Cast, rules: str) -> None:
    answer = as_(cast.alice).post(cast.url("segments/new/"), {"name": "Odd", "rules_raw": rules})
    assert answer.status_code in (200, 422)
    assert not Segment.objects.exists()


def test_half_a_surrogate_pair_in_rules_is_replaced(cast: Cast) -> None:
    rules = r'{"all": [{"attribute": "a", "op": "is", "value": "\ud800"}]}'
    assert as_(cast.alice).post(cast.url("segments/new/"), {"name": "Odd", "rules_raw": rules}).status_code == 302
    assert Segment.objects.get().rules["all"][0]["value"] == "\ufffd"


@pytest.mark.parametrize(
    "path", ["rejects/?code=%00", "people/?q=a%00b", "audit/?page=%00", "?%00=1", "people/?page=%00"]
)
def test_nul_in_a_query_is_no_fault_of_ours(cast: Cast, path: str) -> None:
    assert as_(cast.alice).get(cast.url(path)).status_code in (200, 400, 422)


def test_nul_in_a_form_is_refused(cast: Cast) -> None:
    message = make_message(cast.workspace, "Plain")
    answer = as_(cast.ann).post(cast.url(f"messages/{message.pk}/rename/"), {"name": "a\0b"})
    assert answer.status_code == 400
    assert Message.objects.get().name == "Plain"


def test_nul_in_a_path_is_not_found(cast: Cast) -> None:
    assert as_(cast.alice).get("/w/acme%00/").status_code == 404


@pytest.mark.parametrize("charset", ["hex", "rot13", "utf-7", "utf-16", "undefined", "base64", "x" * 500, ""])
def test_an_encoding_other_than_utf_8_is_refused(cast: Cast, charset: str) -> None:
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    answer = as_(cast.alice).generic("POST", cast.url("segments/new/"), b"name=x", content_type=kind)
    assert answer.status_code == 415
    assert not Segment.objects.exists()


@pytest.mark.parametrize(
    "url", ["http://xn--localhost-/", "https://xn--/", "https://a..b/", "https://[::1", "https://\udcff/"]
)
def test_an_address_with_a_name_that_is_none_is_refused(cast: Cast, url: str) -> None:
    form = {
        "url": url.encode("utf-8", "replace").decode(),
        "kinds": ["1"],
        "nonce": "8f3c1a52-5f7e-4a54-9c39-0e2f6f3a6b11",
    }
    answer = as_(cast.alice).post(cast.url("webhooks/new/"), form)
    assert answer.status_code in (200, 422)
    assert not Webhook.objects.exists()


@pytest.mark.parametrize("minutes", ["9" * 5000, "-1", "1.5", "\u0663", "1e3", ""])
def test_a_snooze_of_no_number_is_remarked_and_breaks_nothing(cast: Cast, minutes: str) -> None:
    message = make_message(cast.workspace, "Plain")
    draft = json.loads(json.dumps(message.draft).replace('"dismiss"', '"snooze"', 1))
    draft["steps"][0]["blocks"][-1]["action"]["behaviour"] = {"kind": "snooze", "value": minutes}
    address = cast.url(f"messages/{message.pk}/preview/")
    answer = as_(cast.ann).post(address, {"draft": draft}, content_type="application/json")
    assert answer.status_code in (200, 422)


@pytest.mark.parametrize(
    "item", ["null", "[]", "{", r'{"event": "\u0000"}', '{"a": NaN}', '{"a": 1e400}', "[" * 10_000]
)
def test_a_mended_reject_that_cannot_be_read_is_refused(cast: Cast, item: str) -> None:
    reject = Rejection.objects.create(workspace_id=cast.workspace.pk, code="missing_field", detail="", item={"a": 1})
    answer = as_(cast.alice).post(cast.url(f"rejects/{reject.pk}/"), {"item": item})
    assert answer.status_code == 422
    reject.refresh_from_db()
    assert (reject.replayed_at, reject.item) == (None, {"a": 1})


def test_nobody_can_take_the_message_id_of_a_reject_before_it_is_replayed(cast: Cast) -> None:
    """An item without a messageId gets one; a client must not be able to send that one first."""
    reject = Rejection.objects.create(workspace_id=cast.workspace.pk, code="missing_field", detail="", item={})
    taken = Rejection.objects.create(workspace_id=cast.workspace.pk, code="missing_field", detail="", item={})
    squatted = {"type": "track", "event": "x", "userId": "u", "messageId": f"reject-{reject.pk}"}
    assert rejects.mend_and_replay(taken, squatted, by=cast.alice)
    assert rejects.mend_and_replay(reject, {"type": "track", "event": "x", "userId": "u"}, by=cast.alice)
