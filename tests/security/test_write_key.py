"""docs/write-key.md, line by line: each line is a check here, and each check a line there."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from console.accounts import signing
from console.accounts.models import Role
from messaging.deliveries.models import Delivery
from messaging.deliveries.tokens import write_token
from messaging.people.models import Person
from messaging.values import DeliveryRef
from tests.messaging.factories import make_campaign, make_delivery
from tests.people import make_member, make_person, make_secret_key, make_workspace, make_write_key
from tests.tracking.ingest import forget_all, report
from tracking.consumers import run_all
from tracking.ingest.models import Event
from tracking.rejections.models import Rejection

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "write-key.md"
pytestmark = pytest.mark.django_db(transaction=True)


class World:
    """Ann, who is known, with a delivery of a campaign; and somebody with the write key."""

    def __init__(self, *, signed: bool, **over: Any) -> None:
        forget_all()
        self.workspace = make_workspace(signed_people_only=signed, **over)
        self.key = make_write_key(self.workspace)
        self.campaign = make_campaign(self.workspace)
        self.ann = make_person(self.workspace, "ann", plan="platinum")
        delivery = make_delivery(self.ann, self.campaign.snapshot)
        self.token = write_token(
            DeliveryRef(self.workspace.pk, delivery.snapshot_id, self.ann.pk, delivery.pk, test=False)
        )

    def verdict(self, kind: str, call: dict[str, Any], key: str = "") -> str:
        """What ingest said; then the consumers of the log have run."""
        headers = {"authorization": f"Bearer {key or self.key}"}
        answer = Client().post(f"/v1/{kind}", call, content_type="application/json", headers=headers).json()
        run_all()
        [result] = answer["results"]
        return str(result.get("code", result["verdict"]))

    def waiting(self, who: str, **headers: str) -> int | None:
        """How many messages the queue gives; None: it is refused."""
        token = base64.b64encode(who.encode()).decode()
        headers |= {"X-CIO-Site-Id": self.key, "X-Gist-Encoded-User-Token": token}
        answer = Client().post("/api/v4/users", {}, content_type="application/json", headers=headers)
        return len(answer.json()["inAppMessages"]) if answer.status_code == 200 else None

    def sign(self, who: str) -> str:
        return signing.sign(self.workspace.pk, who)

    def attributes(self, who: str = "ann") -> dict[str, Any]:
        found: dict[str, Any] = Person.objects.get(external_id=who).attributes
        return found

    def deliveries(self) -> int:
        return Delivery.objects.count()


def may_report(world: World) -> None:
    assert world.verdict("track", report(world.token, "opened")) == "accepted"
    assert world.verdict("track", report(world.token, "opened") | {"userId": "somebody"}) == "accepted"


def may_fetch_content(world: World) -> None:
    assert Client().get(f"/renderer/content/{world.token}").status_code == 200
    forged = ("A" if world.token[-1] != "A" else "B").join([world.token[:-1], ""])
    assert Client().get(f"/renderer/content/{forged}").status_code == 404


def may_tell_of_the_anonymous(world: World) -> None:
    assert world.verdict("identify", {"anonymousId": "browser", "traits": {"city": "Oslo"}}) == "accepted"
    assert Person.objects.get(external_id=None).attributes == {"city": "Oslo"}


def may_not_read(world: World) -> None:
    for path in ("/v1/identify", "/api/v4/users", "/api/metrics/campaigns/1"):
        headers = {"authorization": f"Bearer {world.key}", "X-CIO-Site-Id": world.key}
        assert b"platinum" not in Client().get(path, {"userId": "ann"}, headers=headers).content


def may_not_merge_the_known(world: World) -> None:
    make_person(world.workspace, "mallory")
    signature = {"signature": world.sign("mallory")}
    calls: list[tuple[str, dict[str, Any]]] = [
        ("alias", {"userId": "mallory", "previousId": "ann"} | signature),
        ("alias", {"userId": "nobody yet", "previousId": "ann", "signature": world.sign("nobody yet")}),
        ("identify", {"userId": "ann", "anonymousId": "b", "signature": world.sign("ann")}),
        ("identify", {"userId": "mallory", "anonymousId": "b"} | signature),
        ("alias", {"userId": "mallory", "previousId": "b"} | signature),
    ]
    for kind, call in calls:
        assert world.verdict(kind, call) == "accepted"
        assert not Person.objects.filter(merged_into__isnull=False).exists(), call
    assert set(Rejection.objects.values_list("code", flat=True)) == {"merge_not_allowed"}
    secret = make_secret_key(world.workspace)
    assert world.verdict("alias", {"userId": "mallory", "previousId": "ann"}, key=secret) == "accepted"
    assert Person.objects.get(external_id="ann").merged_into is not None


def may_not_set_what_is_not_listed(world: World) -> None:
    world.workspace.write_key_attributes = ["city"]
    world.workspace.save()
    who = {"userId": "ann", "signature": world.sign("ann")}
    for traits in ({"plan": "free"}, {"plan": None}, {"city": "Oslo", "plan": "free"}):
        assert world.verdict("identify", who | {"traits": traits}) == "attribute_not_allowed"
    assert world.verdict("identify", {"anonymousId": "b", "traits": {"plan": "x"}}) == "attribute_not_allowed"
    in_context = {"context": {"traits": {"plan": "x"}}}
    assert world.verdict("identify", {"anonymousId": "b"} | in_context) == "attribute_not_allowed"
    assert world.attributes() == {"plan": "platinum"}
    assert world.verdict("identify", who | {"traits": {"city": "Oslo"}}) == "accepted"
    assert world.attributes() == {"plan": "platinum", "city": "Oslo"}
    secret = make_secret_key(world.workspace)
    assert world.verdict("identify", {"userId": "ann", "traits": {"plan": "free"}}, key=secret) == "accepted"
    assert world.verdict("identify", {"anonymousId": "b", "traits": {"vip": True}}, key=secret) == "accepted"
    assert world.verdict("identify", who | {"anonymousId": "b"}) == "accepted"
    assert world.attributes() == {"plan": "free", "city": "Oslo"}


def may_not_grow_without_end(world: World) -> None:
    who = {"userId": "ann", "signature": world.sign("ann")}
    for traits in ({"long": "x" * 10_001}, {"n" * 151: 1}, {f"n{n}": n for n in range(201)}):
        assert world.verdict("identify", who | {"traits": traits}) == "too_many_attributes"
    assert world.attributes() == {"plan": "platinum"}
    for n in range(12):
        assert world.verdict("identify", who | {"traits": {f"big{n}": "x" * 10_000}}) == "accepted"
    assert len(world.attributes()) == 10
    assert set(Rejection.objects.values_list("code", flat=True)) == {"too_many_attributes"}


def may_not_manage(world: World) -> None:
    for headers in ({"authorization": f"Bearer {world.key}"}, {"X-CIO-Site-Id": world.key}):
        answer = Client().get(f"/api/metrics/campaigns/{world.campaign.pk}", headers=headers)
        assert answer.status_code == 401


def may_not_reach_another_workspace(world: World) -> None:
    other = make_workspace("Other")
    person = make_person(other, "ann")
    delivery = make_delivery(person, make_campaign(other).snapshot)
    token = write_token(DeliveryRef(other.pk, delivery.snapshot_id, person.pk, delivery.pk, test=False))
    assert world.verdict("track", report(token, "opened")) == "foreign_delivery"
    headers = {"X-CIO-Site-Id": world.key}
    assert Client().post(f"/api/v1/logs/queue/{token}", headers=headers).status_code == 404
    assert not Event.objects.exists()


def may_fetch_any_queue(world: World) -> None:
    assert world.waiting("ann") == 1


def may_set_attributes(world: World) -> None:
    assert world.verdict("identify", {"userId": "ann", "traits": {"plan": "free"}}) == "accepted"
    assert world.attributes() == {"plan": "free"}


def may_add_people(world: World) -> None:
    assert world.verdict("identify", {"userId": "bob"}) == "accepted"
    assert world.verdict("track", {"userId": "eve", "event": "x"}) == "accepted"
    assert Person.objects.filter(external_id__in=["bob", "eve"]).count() == 2


def may_set_off(world: World) -> None:
    assert world.verdict("track", {"userId": "ann", "event": "Signed up"}) == "accepted"
    assert world.deliveries() == 2


def may_say_that_a_visitor_is_known(world: World) -> None:
    world.verdict("identify", {"anonymousId": "browser", "traits": {"plan": "free", "city": "Oslo"}})
    assert world.verdict("identify", {"userId": "ann", "anonymousId": "browser"}) == "accepted"
    assert world.attributes() == {"plan": "platinum", "city": "Oslo"}


def needs_a_signature_for_the_queue(world: World) -> None:
    assert world.waiting("ann") is None
    assert world.waiting("ann", **{"X-Earshot-Signature": world.sign("bob")}) is None
    assert world.waiting("ann", **{"X-Gist-User-Anonymous": "true"}) == 0
    assert world.waiting("ann", **{"X-Earshot-Signature": world.sign("ann")}) == 1


def needs_a_signature_for_attributes(world: World) -> None:
    traits = {"traits": {"plan": "free", "new": 1}}
    assert world.verdict("identify", {"userId": "ann"} | traits) == "unsigned_person"
    signed = {"userId": "ann", "anonymousId": "browser", "signature": world.sign("ann")}
    assert world.verdict("identify", signed) == "accepted"
    assert world.verdict("identify", {"anonymousId": "browser"} | traits) == "accepted"
    assert world.attributes() == {"plan": "platinum"}
    assert Rejection.objects.filter(code="unsigned_person").count() == 2


def needs_a_signature_to_add(world: World) -> None:
    for kind, more in (("identify", {}), ("track", {"event": "x"}), ("alias", {"previousId": "browser"})):
        assert world.verdict(kind, {"userId": "bob", **more}) == "unsigned_person"
    assert Person.objects.count() == 1
    assert not Event.objects.exists()


def needs_a_signature_to_set_off(world: World) -> None:
    assert world.verdict("track", {"userId": "ann", "event": "Signed up"}) == "unsigned_person"
    signed = {"userId": "ann", "anonymousId": "browser", "signature": world.sign("ann")}
    world.verdict("identify", signed)
    assert world.verdict("track", {"anonymousId": "browser", "event": "Signed up"}) == "accepted"
    assert world.deliveries() == 1


def needs_a_signature_to_become_known(world: World) -> None:
    world.verdict("identify", {"anonymousId": "browser", "traits": {"city": "Oslo"}})
    for kind, more in (("identify", {"anonymousId": "browser"}), ("alias", {"previousId": "browser"})):
        assert world.verdict(kind, {"userId": "ann", **more}) == "unsigned_person"
    assert world.attributes() == {"plan": "platinum"}
    assert Person.objects.filter(merged_into=None).count() == 2


def may_not_use_anothers_signature(world: World) -> None:
    for signature in (world.sign("bob"), "", world.sign("ann")[:-1], signing.secret(world.workspace.pk)):
        call = {"userId": "ann", "traits": {"plan": "free"}, "signature": signature}
        assert world.verdict("identify", call) == "unsigned_person"
    assert world.attributes() == {"plan": "platinum"}


def may_speak_for_whom_is_signed(world: World) -> None:
    signed = {"userId": "ann", "signature": world.sign("ann")}
    world.verdict("identify", {"anonymousId": "browser", "traits": {"city": "Oslo"}})
    assert world.verdict("identify", signed | {"anonymousId": "browser", "traits": {"plan": "free"}}) == "accepted"
    assert world.verdict("track", signed | {"event": "Signed up"}) == "accepted"
    assert world.attributes() == {"plan": "free", "city": "Oslo"}
    assert world.deliveries() == 2
    assert world.waiting("ann", **{"X-Earshot-Signature": world.sign("ann")}) == 2


CHECKS: dict[str, dict[str, Callable[[World], None]]] = {
    "Always": {
        "may report a response to a delivery whose id it has": may_report,
        "may fetch the content of a delivery whose id it has": may_fetch_content,
        "may tell of somebody anonymous, and set their attributes": may_tell_of_the_anonymous,
        "may not read anybody's attributes, other than those that a message shows": may_not_read,
        "may not make one of two known people": may_not_merge_the_known,
        "may not set an attribute that is not on the workspace's list, where there is one": (
            may_not_set_what_is_not_listed
        ),
        "may not let a known person grow beyond the limits": may_not_grow_without_end,
        "may not use the management API": may_not_manage,
        "may not reach another workspace": may_not_reach_another_workspace,
    },
    "Without signing": {
        "may fetch the queue of anybody whose id is known": may_fetch_any_queue,
        "may set attributes of anybody whose id is known": may_set_attributes,
        "may add people": may_add_people,
        "may set off campaigns for anybody whose id is known": may_set_off,
        "may say that an anonymous visitor is a known person: they become one, and what was known of the person "
        "stays as it was": may_say_that_a_visitor_is_known,
    },
    "With signing": {
        "may not fetch the queue of a known person without the signature of their id": needs_a_signature_for_the_queue,
        "may not set attributes of a known person without it, nor through their browser's anonymous id": (
            needs_a_signature_for_attributes
        ),
        "may not add people without it": needs_a_signature_to_add,
        "may not set off campaigns for a known person without it": needs_a_signature_to_set_off,
        "may not say that an anonymous visitor is a known person without it": needs_a_signature_to_become_known,
        "may not use the signature of one person for another": may_not_use_anothers_signature,
        "may do all of these for the person whose signature it has, other than make one of two known people": (
            may_speak_for_whom_is_signed
        ),
    },
}


def lines() -> Iterator[tuple[str, str]]:
    for part in re.split(r"^## ", PAGE.read_text(), flags=re.M)[1:]:
        heading, _, text = part.partition("\n")
        yield from ((heading, line[2:]) for line in text.splitlines() if line.startswith("- "))


def test_the_page_says_what_is_checked_and_nothing_else() -> None:
    assert list(lines()) == [(heading, line) for heading, checks in CHECKS.items() for line in checks]


@pytest.mark.parametrize("line", CHECKS["Always"] | CHECKS["Without signing"])
def test_without_signing_it(line: str) -> None:
    (CHECKS["Always"] | CHECKS["Without signing"])[line](World(signed=False))


@pytest.mark.parametrize("line", CHECKS["Always"] | CHECKS["With signing"])
def test_with_signing_it(line: str) -> None:
    (CHECKS["Always"] | CHECKS["With signing"])[line](World(signed=True))


def test_what_was_not_applied_is_sent_again_by_members_and_merges_by_owners_alone() -> None:
    world = World(signed=True)
    make_person(world.workspace, "mallory")
    world.verdict("alias", {"userId": "mallory", "previousId": "ann", "signature": world.sign("mallory")})
    world.verdict("identify", {"userId": "ann", "traits": {"plan": "free"}, "signature": "0" * 64})
    merge, unsigned = Rejection.objects.order_by("pk")
    assert world.sign("mallory") not in str(merge.item)
    assert "0" * 64 not in str(unsigned.item)
    for role, answers in ((Role.VIEWER, (403, 403)), (Role.AUTHOR, (422, 302)), (Role.OWNER, (302, 302))):
        client = Client()
        client.force_login(make_member(world.workspace, role, role.value))
        for reject, status in zip((merge, unsigned), answers, strict=True):
            data = {"item": json.dumps(reject.item)}
            if Rejection.objects.filter(pk=reject.pk, replayed_at=None).exists():
                path = f"/w/{world.workspace.slug}/rejects/{reject.pk}/"
                assert client.post(path, data).status_code == status, (role, reject.code)
        run_all()
        assert Person.objects.filter(merged_into__isnull=False).exists() is (role is Role.OWNER)
    assert Person.objects.get(external_id="mallory").attributes == {"plan": "free"}
