"""Ten thousand forms that nobody would fill in so: each is answered, none with a 5xx.

The addresses are the resolver's and the fields are those of the pages, so a new form is in it by itself. Each request
is undone after its answer, so that all of them meet the same workspace.
"""

from __future__ import annotations

import json
import random
import re
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import parse_qsl, quote_plus

import pytest
from django.db import connection, transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import get_resolver

from console.accounts.models import User
from messaging.messages.models import Message
from tests.people import survey
from tests.security import hostile
from tests.security.test_matrix import FORM, MARK, World, addresses, patterns, signed_in, state, world

__all__ = ["world"]

BATCHES, EACH = 4, 2_500
RULES = {
    "all": [{"attribute": "plan", "op": "is", "value": "pro"}, {"any": [{"attribute": "age", "op": "gt", "value": 3}]}]
}
JSON_BODIES = {
    "draft": {"draft": survey(), "revision": 1},
    "preview": {"draft": survey(), "properties": {"button_text": "Yes"}, "person": MARK},
    "publish": {"revision": 1},
}
"""What the editor's script sends, by the last part of the address."""
JSON_FIELDS = {"rules_raw": RULES, "item": {"type": "track", "event": "x", "userId": "mallory", "properties": {}}}
LISTS = {
    "rule_attribute": "plan", "rule_op": "gt", "rule_value": "3", "rules_raw": "", "rules_join": "any",
    "attribute_name": "age", "attribute_kind": "number", "attribute_value": "3",
}  # fmt: skip
"""Fields of rows that a script adds to the page."""


@dataclass
class Page:
    """An address, with the fields of the forms on its page, and the parameters of the links on it."""

    path: str
    reads: bool = True
    writes: bool = True
    fields: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)


def pages(world: World, client: Client) -> tuple[list[Page], list[Page]]:
    """Every page of the console, and every page of the admin; the ingest API has tests of its own."""
    urls = sorted(set(patterns(get_resolver().url_patterns)))
    paths = [path for url in urls for path in addresses(url, "ours", world)]
    found = [
        page_of(client, path)
        for path in paths
        if "logout" not in path and not path.startswith(("/v1/", "/api/schema/"))
    ]
    admin = [page for page in found if page.path.startswith("/admin/")]
    return [page for page in found if page not in admin], admin


def page_of(client: Client, path: str) -> Page:
    shown = client.get(path)
    with transaction.atomic():
        writes = client.post(path).status_code != 405
        transaction.set_rollback(True)
    html = body_of(shown)
    page = Page(path, reads=shown.status_code != 405, writes=writes, fields=dict(FORM) | LISTS)
    for tag in re.findall(r"<(?:input|select|textarea|button)\b[^>]*\bname=[^>]*>", html):
        name, value = (re.search(rf'\b{one}="([^"]*)"', tag) for one in ("name", "value"))
        if name:
            page.fields[unescape(name[1])] = unescape(value[1]) if value else ""
    for link in re.findall(r'(?:href|hx-get)="[^"?]*\?([^"#]+)"', html):
        page.query.update(parse_qsl(unescape(link)))
    return page


def body_of(answer: HttpResponseBase) -> str:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    return bytes(body).decode("utf-8", "replace")


def encoded(pairs: list[tuple[str, str]]) -> bytes:
    """As a form is sent; a lone surrogate as the three bytes that a careless client makes of it."""
    parts = [[quote_plus(one.encode("utf-8", "surrogatepass")) for one in pair] for pair in pairs]
    return "&".join("=".join(pair) for pair in parts).encode()


def multipart(pick: random.Random, pairs: list[tuple[str, str]]) -> bytes:
    """The same as multipart, some of the fields as files."""
    out = b""
    for name, value in [*pairs, ("file", "")]:
        isfile = name == "file" or pick.random() < 0.1
        head = f'Content-Disposition: form-data; name="{name}"' + ('; filename="a.csv"' if isfile else "")
        content = pick.choice(hostile.FILES) if isfile else value.encode("utf-8", "surrogatepass")
        out += b"--x\r\n" + head.encode("utf-8", "replace") + b"\r\n\r\n" + content + b"\r\n"
    return out + b"--x--\r\n"


def changed(pick: random.Random, fields: dict[str, str]) -> list[tuple[str, str]]:
    """The fields with a few of them hostile, gone or sent twice."""
    pairs = list(fields.items())
    for _ in range(pick.randint(1, 3)):
        n = pick.randrange(len(pairs))
        name = pairs[n][0]
        if name in JSON_FIELDS and pick.random() < 0.8:
            pairs[n] = (name, hostile.json_text(pick, JSON_FIELDS[name]))
        elif pick.random() < 0.1:
            pairs.append((name, hostile.text(pick)))
        elif pick.random() < 0.1 and len(pairs) > 1:
            del pairs[n]
        else:
            pairs[n] = (name, hostile.text(pick))
    return pairs


def send(client: Client, pick: random.Random, page: Page) -> tuple[str, HttpResponseBase]:
    """One hostile request to the page; what it was, in words, and the answer."""
    headers = pick.choice(hostile.HEADERS)
    last = page.path.rstrip("/").rpartition("/")[2]
    if last in JSON_BODIES and pick.random() < 0.8:
        text = hostile.json_text(pick, JSON_BODIES[last])
        body = text.encode("utf-8", "surrogatepass")
        return f"POST JSON {page.path} {text[:300]}", client.generic(
            "POST", page.path, body, content_type="application/json", headers=headers
        )
    if page.reads and (not page.writes or pick.random() < 0.2):
        query = encoded(changed(pick, page.query or {"page": "1", "q": "a"})).decode()
        return f"GET {page.path}?{query[:300]}", client.get(page.path, QUERY_STRING=query, headers=headers)
    pairs = changed(pick, page.fields)
    chance = pick.random()
    if chance < 0.7:
        body, kind = encoded(pairs), "application/x-www-form-urlencoded"
    elif chance < 0.9:
        body, kind = multipart(pick, pairs), "multipart/form-data; boundary=x"
    else:
        body, kind = pick.choice([encoded(pairs), json.dumps(dict(pairs)).encode()]), pick.choice(hostile.CONTENT_TYPES)
    said = f"POST {kind} {page.path} {body[:300]!r} {headers}"
    return said, client.generic("POST", page.path, body, content_type=kind, headers=headers)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_no_form_makes_the_console_fail(world: World, batch: int) -> None:
    owner = User.objects.get(email=f"{MARK}-owner@example.org")
    User.objects.filter(pk=owner.pk).update(is_staff=True, is_superuser=True)
    client, pick = signed_in(owner), random.Random(batch)
    known = pages(world, client)
    before, failed = state(world.ours), []
    for _ in range(EACH):
        page = pick.choice(known[pick.random() < 0.15])
        with transaction.atomic():
            said, answer = send(client, pick, page)
            body_of(answer)
            connection.check_constraints()
            transaction.set_rollback(True)
        if answer.status_code >= 500:
            failed.append(f"{answer.status_code} {said} {getattr(answer, 'exc_info', None)}")
        if "_auth_user_id" not in client.session:
            client.force_login(owner)
    assert not failed, "\n\n".join(failed)
    assert state(world.ours) == before


def test_the_forms_of_the_pages_are_found(world: World) -> None:
    client = signed_in(User.objects.get(email=f"{MARK}-owner@example.org"))
    assert {"name", "rule_attribute"} <= page_of(client, "/w/ours/segments/new/").fields.keys()
    assert {"trigger_event", "message"} <= page_of(client, "/w/ours/campaigns/new/").fields.keys()
    assert Message.objects.exists()
