"""Every URL x role x method x credential over two workspaces: nothing of another's is read, nothing is written.

The URLs are those of the resolver, so a new one is here by itself. All objects have the same number, so that a number
in an address names whatever the page is about.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from console.accounts.credentials import digest
from console.accounts.models import ApiKey, Invitation, KeyKind, Membership, Role, User, Workspace
from messaging.broadcasts.models import Broadcast
from messaging.campaigns.models import Campaign
from messaging.deliveries.models import Delivery
from messaging.deliveries.tokens import write_token
from messaging.messages.models import Message, MessageVersion
from messaging.people.models import Person
from messaging.segments.models import Segment
from messaging.values import DeliveryRef
from tests.messaging.factories import make_snapshot
from tests.people import make_member, make_secret_key, make_user, make_workspace, make_write_key, survey
from tests.tracking.ingest import report
from tracking.rejections.models import Rejection
from tracking.webhooks.models import Webhook, WebhookDelivery

NUMBER = 7001
MARK = "zebra"
"""Stands in all that the first workspace has, and in nothing else."""
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
SAFE, UNSAFE = METHODS[:3], METHODS[3:]
GOVERNED = ("console_apikey", "console_membership", "console_workspace", "console_invitation", "console_user")
"""What only owners change."""
FORM = {
    "name": "changed", "email": "mallory@example.org", "role": "owner", "kind": "secret", "url": "https://example.org/",
    "nonce": "6b1f7f3e-6f0e-4a51-9f43-6f6a3f6c0a11", "external_id": "mallory", "retention_days": "30", "apply": "1",
    "metrics": "clicked", "confirm": "yes", "rules": "{}", "trigger_event": "x", "message": str(NUMBER), "when": "now",
    "item": '{"type": "track", "event": "x", "userId": "mallory"}', "content": "{}", "revision": "1", "q": "",
}  # fmt: skip


@dataclass(frozen=True)
class World:
    ours: Workspace
    theirs: Workspace
    token: str


@pytest.fixture
def world(db: Any) -> World:
    cache.clear()
    ours, theirs = make_workspace(f"{MARK} Inc", slug="ours"), make_workspace("Theirs", slug="theirs")
    snapshot = fill(ours)
    token = write_token(DeliveryRef(ours.pk, snapshot, NUMBER, NUMBER, test=False))
    return World(ours, theirs, token)


def fill(workspace: Workspace) -> int:
    """One of everything; returns the number of the snapshot."""
    owner = make_member(workspace, Role.OWNER, f"{MARK}-owner")
    make_member(workspace, Role.AUTHOR, "author")
    Membership.objects.create(pk=NUMBER, workspace=workspace, user=make_user("viewer"), role=Role.VIEWER)
    one: dict[str, Any] = {"pk": NUMBER, "workspace": workspace}
    bare: dict[str, Any] = {"pk": NUMBER, "workspace_id": workspace.pk}
    ApiKey.objects.create(**one, kind=KeyKind.SECRET, name=MARK, digest=digest(MARK), hint=MARK)
    Invitation.objects.create(
        **one, email=f"{MARK}@example.org", role=Role.VIEWER, digest=digest("invited"), mailed=False, invited_by=owner,
        expires_at=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    message = Message.objects.create(**one, name=MARK, draft=survey())
    version = MessageVersion.objects.create(pk=NUMBER, message=message, number=1, content=survey())
    Person.objects.create(**one, external_id=MARK, attributes={"first_name": MARK})
    Segment.objects.create(**one, name=MARK, rules={"all": []})
    Broadcast.objects.create(**one, name=MARK, message=message, properties={"button_text": MARK})
    Campaign.objects.create(**one, name=MARK, trigger_event=MARK, message=message, properties={"button_text": MARK})
    snapshot = make_snapshot(workspace, 1, NUMBER, version=version, button_text=MARK)  # type: ignore[arg-type]
    Delivery.objects.create(
        **bare, person_id=NUMBER, snapshot_id=snapshot.pk, source_kind=1, source_id=NUMBER, message_id=NUMBER,
        created_at=timezone.now(),
    )  # fmt: skip
    Rejection.objects.create(**bare, code="bad_json", detail=MARK, item={"event": MARK})
    webhook = Webhook.objects.create(**one, url=f"https://{MARK}.example.org/")
    key = "00000000-0000-0000-0000-000000000001"
    WebhookDelivery.objects.create(**bare, webhook_id=webhook.pk, key=key, kind=8, due_at=timezone.now())
    return snapshot.pk


def patterns(found: Iterable[Any], before: str = "") -> Iterator[str]:
    for one in found:
        here = before + str(one.pattern)
        if hasattr(one, "url_patterns"):
            yield from patterns(one.url_patterns, here)
        else:
            yield "/" + here


URLS = sorted({url for url in patterns(get_resolver().url_patterns) if not url.startswith("/accounts/")})
"""Those of one's own account are nobody else's to begin with."""
OF_WORKSPACES = [url for url in URLS if url.startswith("/w/")]
KEPT_BY_ITSELF = {"django_session", "console_installation"}  # the second is written by whatever runs first
WORDS = {"kind": ["broadcasts", "campaigns"], "verb": ["start"], "path": [f"console/user/{NUMBER}/change/"]}


def addresses(url: str, slug: str, world: World) -> list[str]:
    """The URL with its parts filled in; a part that is not known is the number."""

    def values(part: re.Match[str]) -> list[str]:
        converter, _, name = part.group(1).rpartition(":")
        if converter == "slug":
            return [slug]
        if name in ("token", "queue_id"):
            return [str(NUMBER)] if url.startswith("/renderer") else [world.token]
        return WORDS.get(name, [str(NUMBER)])

    parts = list(re.finditer(r"<([^>]+)>", url))
    plain = re.sub(r"<[^>]+>", "{}", url.replace("\\Z", "").replace("^", "").replace("$", ""))
    plain = re.sub(r"\(\?P<?\{?.*$", "console/", plain)  # the admin's own regular expressions
    return [plain.format(*chosen) for chosen in itertools.product(*map(values, parts))] if "{}" in plain else [plain]


def state(workspace: Workspace, tables: Iterable[str] = ()) -> str:
    """Of all that is the workspace's, and of all that is nobody's in particular."""
    pieces = []
    for model in sorted(apps.get_models(include_auto_created=True), key=lambda one: one._meta.db_table):
        table, columns = model._meta.db_table, {field.column for field in model._meta.local_fields}
        if table in KEPT_BY_ITSELF or (tables and table not in tables):
            continue
        mine = "WHERE workspace_id = %(id)s" if "workspace_id" in columns else ""
        mine = "WHERE id = %(id)s" if model is Workspace else mine
        row = "(to_jsonb(t) - 'last_login')::text"
        pieces.append(f"SELECT '{table}' || coalesce(string_agg({row}, '|' ORDER BY {row}), '') FROM {table} t {mine}")
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(pieces), {"id": workspace.pk})
        rows = sorted(str(row[0]) for row in cursor.fetchall())
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def send(client: Client, method: str, path: str, **headers: str) -> list[Any]:
    """The request, and for a POST one with JSON as well."""
    bodies: list[tuple[Any, str]] = [(b"", "application/octet-stream")]
    if method == "POST":
        json = {**FORM, "deliveryId": "x"}
        bodies = [(FORM, "multipart"), (json, "application/json")]
    answers = []
    for body, kind in bodies:
        more = {} if kind == "multipart" else {"content_type": kind}
        ask = getattr(client, method.lower())
        answers.append(ask(path, **({} if method in SAFE else {"data": body}), **more, headers=headers))
    return answers


def text_of(answer: Any) -> str:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return body.decode("utf-8", "replace") + str(dict(answer.headers))


def signed_in(user: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def try_all(
    world: World, client: Client, urls: Iterable[str], slug: str, methods: Iterable[str] = METHODS, **headers: str
) -> int:
    """Nothing of ours is in any answer, nothing of ours changes, nothing breaks; returns how many were tried."""
    tried = 0
    before = state(world.ours)
    for url in urls:
        for path, method in itertools.product(addresses(url, slug, world), methods):
            for answer in send(client, method, path, **headers):
                assert answer.status_code < 500, (method, path, answer.status_code)
                assert MARK not in text_of(answer), (method, path)
                tried += 1
    assert state(world.ours) == before
    return tried


@pytest.mark.parametrize("who", ["nobody", "owner of another", "member no more", "switched off"])
def test_nothing_is_read_or_written_from_outside(world: World, who: str) -> None:
    client = Client(raise_request_exception=False)
    if who == "owner of another":
        client = signed_in(make_member(world.theirs, Role.OWNER, "charlie"))
    elif who == "member no more":
        gone = make_member(world.ours, Role.OWNER, "gone")
        client = signed_in(gone)
        Membership.objects.filter(user=gone).delete()
    elif who == "switched off":
        off = make_user("off", is_active=False)
        Membership.objects.create(workspace=world.ours, user=off, role=Role.OWNER)
        client = signed_in(off)
    urls = [url for url in URLS if not url.startswith("/admin/") and not url.startswith("/workspaces/new")]
    methods = METHODS if who in ("nobody", "owner of another") else ("GET", "POST")
    assert try_all(world, client, urls, "ours", methods) > 300


def test_nothing_of_ours_is_reached_through_the_addresses_of_another(world: World) -> None:
    client = signed_in(make_member(world.theirs, Role.OWNER, "charlie"))
    urls = [url for url in OF_WORKSPACES if "<int:" in url]
    assert try_all(world, client, urls, "theirs") > 300


@pytest.mark.parametrize("form", ["secret of another", "write key of another", "secret as site id", "revoked"])
def test_no_key_of_another_opens_anything_of_ours(world: World, form: str) -> None:
    secret, write = make_secret_key(world.theirs), make_write_key(world.theirs)
    revoked = make_secret_key(world.ours)
    ApiKey.objects.filter(digest=digest(revoked)).update(revoked_at=timezone.now())
    headers = {
        "secret of another": {"Authorization": f"Bearer {secret}"},
        "write key of another": {"X-CIO-Site-Id": write, "Authorization": f"Bearer {write}"},
        "secret as site id": {"X-CIO-Site-Id": secret},
        "revoked": {"Authorization": f"Bearer {revoked}", "X-CIO-Site-Id": revoked},
    }[form]
    client = Client(raise_request_exception=False)
    urls = [url for url in URLS if not url.startswith(("/admin/", "/workspaces/new"))]
    try_all(world, client, urls, "ours", **headers)
    before = state(world.ours)
    call = report(world.token, "clicked", actionId="yes")
    for path in ("/v1/track", "/v1/batch"):
        body = call if path == "/v1/track" else {"batch": [call]}
        answer = client.post(path, body, content_type="application/json", headers=headers)
        assert "rejected" in answer.content.decode()
    assert state(world.ours) == before


def test_the_admin_is_for_staff_alone(world: World) -> None:
    urls = [url for url in URLS if url.startswith("/admin/")]
    assert len(urls) > 100
    before = state(world.ours)
    for client in (Client(), signed_in(User.objects.get(email=f"{MARK}-owner@example.org"))):
        paths = [path for url in urls for path in addresses(url, "ours", world)]
        for path, method in itertools.product(paths, ("GET", "POST")):
            answer = getattr(client, method.lower())(path)
            assert answer.status_code in (301, 302, 403, 404, 405), (method, path, answer.status_code)
    assert state(world.ours) == before


def test_a_viewer_changes_nothing(world: World) -> None:
    client = signed_in(User.objects.get(email="viewer@example.org"))
    before = state(world.ours)
    for url in OF_WORKSPACES:
        for path, method in itertools.product(addresses(url, "ours", world), UNSAFE):
            for answer in send(client, method, path):
                assert answer.status_code < 500, (method, path)
    assert state(world.ours) == before


def test_an_author_governs_nothing(world: World) -> None:
    client = signed_in(User.objects.get(email="author@example.org"))
    before = state(world.ours, GOVERNED)
    for url in OF_WORKSPACES:
        for path, method in itertools.product(addresses(url, "ours", world), ("POST", "DELETE")):
            for answer in send(client, method, path):
                assert answer.status_code < 500, (method, path)
        assert state(world.ours, GOVERNED) == before, url


def test_an_owner_finds_every_address_so_the_others_were_refused_and_not_lost(world: World) -> None:
    client = signed_in(User.objects.get(email=f"{MARK}-owner@example.org"))
    shown = 0
    for url in OF_WORKSPACES:
        for path in addresses(url, "ours", world):
            answer = client.get(path)
            assert answer.status_code not in (403, 404, 500), path
            shown += MARK in text_of(answer)
    assert shown > 30
