"""The live process, asked as a browser asks it, with the real Redis and the real keys."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from django.db import connection

from console.accounts.services import keys
from messaging.deliveries import live
from messaging.deliveries.services import nudges
from tests.people import make_member, make_secret_key, make_workspace, make_write_key

pytestmark = pytest.mark.django_db(transaction=True)


class Page:
    """One open page: what it was sent, and a way to leave."""

    def __init__(self, person: str | None, key: str) -> None:
        token = base64.b64encode((person or "").encode()).decode()
        self.scope = {
            "type": "http",
            "method": "GET",
            "path": "/api/v3/sse",
            "query_string": f"userToken={token}&siteId={key}&sessionId=s".encode(),
        }
        self.sent: list[Any] = []
        self.left = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        self.sent.append(message)

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"])

    @property
    def body(self) -> str:
        return b"".join(message.get("body", b"") for message in self.sent[1:]).decode()

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not holds():
                await asyncio.sleep(0.01)


@pytest.fixture(autouse=True)
def ours(monkeypatch: pytest.MonkeyPatch) -> None:
    parameters = connection.get_connection_params()
    url = f"postgres://{parameters.get('user') or 'postgres'}@/{parameters['dbname']}?host={parameters.get('host', '')}"
    monkeypatch.setenv("DATABASE_URL", url)
    live.keyrings.clear()  # each test has an event loop of its own


def run(story: Callable[[], Coroutine[Any, Any, None]]) -> None:
    async def with_redis() -> None:
        listener = asyncio.create_task(live.listen())
        await asyncio.sleep(0.2)
        try:
            await story()
        finally:
            listener.cancel()
            if live.keyrings:
                await live.keyrings.pop().close()

    asyncio.run(with_redis())


def test_a_nudge_tells_the_pages_of_that_person_alone_to_look() -> None:
    ours, theirs = make_workspace(), make_workspace("Other")
    our_key, their_key = make_write_key(ours), make_write_key(theirs)

    async def story() -> None:
        ann, bob, other_ann = Page("ann", our_key), Page("bob", our_key), Page("ann", their_key)
        pages = (ann, bob, other_ann)
        tasks = [asyncio.create_task(live.application(page.scope, page.receive, page.send)) for page in pages]
        for page in pages:
            await page.until(lambda page=page: "connected" in page.body)
        await asyncio.to_thread(nudges.send, ours.pk, ["ann"])
        await ann.until(lambda: ann.body.count("event: connected") == 2)
        for page in pages:
            page.left.set()
        await asyncio.gather(*tasks)
        assert (bob.body.count("event: connected"), other_ann.body.count("event: connected")) == (1, 1)
        assert ann.body.startswith('event: connected\ndata: {"heartbeat": 20}\n\n')
        assert live.count() == 0

    run(story)


@pytest.mark.parametrize("kind", ["secret", "revoked", "made up"])
def test_only_a_live_write_key_opens_a_stream(kind: str) -> None:
    workspace = make_workspace()
    key = {"secret": make_secret_key, "revoked": make_write_key, "made up": lambda _: "wk_0"}[kind](workspace)
    if kind == "revoked":
        found = keys.find(key, "write")  # type: ignore[arg-type]
        assert found is not None
        keys.revoke(found, by=make_member(workspace, "owner", "alice"))  # type: ignore[arg-type]

    async def story() -> None:
        page = Page("ann", key)
        await live.application(page.scope, page.receive, page.send)
        assert page.status == 401

    run(story)


def test_a_stream_for_nobody_is_refused() -> None:
    key = make_write_key(make_workspace())

    async def story() -> None:
        page = Page(None, key)
        await live.application(page.scope, page.receive, page.send)
        assert page.status == 400

    run(story)


def test_a_plus_in_the_token_is_a_plus() -> None:
    assert live.parse("userToken=a+b/c==&siteId=wk%5F1") == {"userToken": "a+b/c==", "siteId": "wk_1"}
