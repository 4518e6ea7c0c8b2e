"""The fast handler of the queue: the API's answers, many to a query; whatever is unusual it leaves to the API."""

from __future__ import annotations

import asyncio
import base64
from typing import Any

import psycopg
import pytest
from django.test import Client

from console.accounts import signing
from console.accounts.models import Workspace
from messaging import public
from messaging.deliveries.api.fast_handler import QueueHandler
from messaging.deliveries.services import queue
from messaging.deliveries.services.queue import Ask
from messaging.people.models import Person
from tests.fast_requests import Answer, FastRequest
from tests.messaging.factories import make_call, make_campaign, make_delivery
from tests.people import make_person, make_workspace, make_write_key

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def workspace() -> Workspace:
    return make_workspace()


@pytest.fixture
def key(workspace: Workspace) -> str:
    return make_write_key(workspace)


@pytest.fixture
def ann(workspace: Workspace) -> Person:
    return make_person(workspace, "ann", first_name="Ann")


def sent(key: str, who: str, **more: str) -> dict[str, str]:
    return {"X-CIO-Site-Id": key, "X-Gist-Encoded-User-Token": base64.b64encode(who.encode()).decode(), **more}


def through_api(headers: dict[str, str]) -> tuple[int, Any]:
    answer = Client().post("/api/v4/users?sessionId=1", {}, content_type="application/json", headers=headers)
    return answer.status_code, answer.json()


def through_handler(*many: dict[str, str]) -> list[Answer | None]:
    """The answers to fetches that arrive together, their keys known; None for each that was left to the API."""

    async def main() -> list[Answer | None]:
        opened = QueueHandler()
        for headers in many:
            await opened.keys().find(headers["X-CIO-Site-Id"])
        requests = [
            FastRequest("/api/v4/users", b"{}", {n.lower().encode(): v for n, v in headers.items()}) for headers in many
        ]
        taken = [opened(request) for request in requests]
        answers = [await request.answered if took else None for request, took in zip(requests, taken, strict=True)]
        await opened.drain()
        return answers

    return asyncio.run(main())


def test_it_answers_as_the_api_does(workspace: Workspace, key: str, ann: Person) -> None:
    make_delivery(ann, make_campaign(workspace).snapshot)
    public.apply_calls([make_call(workspace, "track", None, "browser", "Signed up")])
    for who, more in [("ann", {}), ("nobody", {}), ("browser", {"X-Gist-User-Anonymous": "true"}), ("browser", {})]:
        headers = sent(key, who, **more)
        [answer] = through_handler(headers)
        assert answer is not None
        assert (answer[0], answer[2]) == through_api(headers)
        assert answer[1]["X-Gist-Queue-Polling-Interval"] == "10"


def test_of_many_at_once_everybody_gets_their_own(workspace: Workspace, key: str) -> None:
    snapshot = make_campaign(workspace).snapshot
    names = [f"p{n}" for n in range(60)]
    for n, name in enumerate(names):
        person = make_person(workspace, name)
        for _ in range(n % 4):
            make_delivery(person, snapshot)
    others = make_workspace("Other")
    make_delivery(make_person(others, "p1"), make_campaign(others).snapshot)
    answers = through_handler(*[sent(key, name) for name in names])
    for name, answer in zip(names, answers, strict=True):
        assert answer is not None
        given = [message["queueId"] for message in answer[2]["inAppMessages"]]
        assert given == [offer.token for offer in queue.offers(Ask(workspace.pk, user_id=name))]
    assert sum(len(answer[2]["inAppMessages"]) for answer in answers if answer) == 90


@pytest.mark.parametrize(
    "headers",
    [
        {"X-CIO-Site-Id": "wk_never_looked_up"},
        {"X-CIO-Site-Id": ""},
        {"X-Gist-Encoded-User-Token": "%%%"},
        {"X-Gist-Encoded-User-Token": ""},
        {"X-Gist-Encoded-User-Token": base64.b64encode(b"a\0b").decode()},
    ],
)
def test_what_is_unusual_is_left_to_the_api(key: str, headers: dict[str, str]) -> None:
    assert through_handler(sent(key, "ann") | headers) == [None]


def test_the_first_fetch_with_a_key_is_left_to_the_api_and_the_next_is_not(key: str) -> None:
    async def main() -> list[bool]:
        handler = QueueHandler()
        taken = []
        for _ in range(2):
            request = FastRequest("/api/v4/users", b"{}", {n.lower().encode(): v for n, v in sent(key, "ann").items()})
            taken.append(handler(request))
            await asyncio.wait([request.answered] if taken[-1] else handler.asking)
        await handler.drain()
        return taken

    assert asyncio.run(main()) == [False, True]


def test_where_people_are_signed_the_fast_handler_asks_for_it_too(workspace: Workspace, ann: Person) -> None:
    Workspace.objects.update(signed_people_only=True)
    key = make_write_key(workspace)
    make_delivery(ann, make_campaign(workspace).snapshot)
    forged = {"X-Earshot-Signature": signing.sign(workspace.pk, "bob")}
    genuine = {"X-Earshot-Signature": signing.sign(workspace.pk, "ann")}
    nobody, forger, [answer] = (through_handler(sent(key, "ann", **more))[:1] for more in ({}, forged, genuine))
    assert (nobody, forger) == ([None], [None])
    assert answer is not None
    assert len(answer[2]["inAppMessages"]) == 1


def test_a_broken_connection_is_made_anew(workspace: Workspace, key: str) -> None:
    async def main() -> list[int]:
        handler = QueueHandler()
        statuses = []
        await handler.keys().find(key)
        for _ in range(2):
            request = FastRequest("/api/v4/users", b"", {n.lower().encode(): v for n, v in sent(key, "ann").items()})
            assert handler(request)
            statuses.append((await request.answered)[0])
            assert handler.link.connection is not None
            handler.link.connection.pgconn.finish()
        await handler.drain()
        return statuses

    assert asyncio.run(main()) == [200, 200]


def test_with_the_database_away_clients_are_told_to_ask_again(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_: Any) -> Any:
        raise psycopg.OperationalError("away")

    monkeypatch.setattr(QueueHandler, "offers", away)
    [answer] = through_handler(sent(key, "ann"))
    assert answer is not None
    assert (answer[0], answer[1]["Retry-After"], answer[2]["status"]) == (503, "5", 503)
