"""Server-sent events: tell an open page that something waits for its person, and the page fetches its queue.

    GET /api/v3/sse?userToken=<base64 of the person's id>&siteId=<write key>&sessionId=...

A small ASGI application without Django: thousands of open connections cost one process and one subscription to
Redis. It never says what waits, so it asks for no more proof than the public write key.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
import os
from collections import defaultdict
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from psycopg import Error
from redis.asyncio import Redis
from redis.exceptions import RedisError

from console.accounts.keyring import Keyring
from console.runtime.pooler import why_refused
from console.runtime.server.link import Link

HEARTBEAT = 20  # seconds; clients give a silent link up 5 s later
MOST_CONNECTIONS = 20_000
CHANNEL = "earshot:nudges"  # {"workspace": 1, "people": [their ids]}; see messaging.deliveries.services.nudges

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Person = tuple[int, str]


@dataclass(eq=False, slots=True)
class Page:
    """An open stream. `nudged` is set when there is something to tell it, or when its key was revoked."""

    key: str
    nudged: asyncio.Event = field(default_factory=asyncio.Event)
    revoked: bool = False


pages: defaultdict[Person, set[Page]] = defaultdict(set)
tasks: set[asyncio.Task[None]] = set()
keyrings: list[Keyring] = []
"""The one of this process, once it is asked for."""


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        return await live_and_die(receive, send)
    if scope["path"] == "/healthz":
        return await answer(send, 200, {"status": "ok", "pages": count()})
    if scope["path"] != "/api/v3/sse":
        return await answer(send, 404, {"title": "There is only /api/v3/sse here."})
    if scope["method"] != "GET":
        return await answer(send, 405, {"title": "Events are fetched with GET."})
    asked = parse(scope["query_string"].decode("latin-1"))
    try:
        external_id = base64.b64decode(asked.get("userToken", ""), validate=True).decode().strip()
    except (binascii.Error, ValueError):
        external_id = ""
    if not external_id:
        return await answer(send, 400, {"title": "userToken must be the base64 of the person's id."})
    key = asked.get("siteId", "")
    try:
        holder = await keyring().find(key)
    except OSError:
        return await answer(send, 503, {"title": "The database does not answer; try again."})
    if holder is None or holder.secret:
        return await answer(send, 401, {"title": "siteId is not a write key."})
    if count() >= MOST_CONNECTIONS:
        return await answer(send, 503, {"title": "Too many open connections; poll instead."})
    await stream((holder.workspace_id, external_id), Page(key), receive, send)


async def stream(person: Person, page: Page, receive: Receive, send: Send) -> None:
    """`connected` makes a client fetch its queue; so it is what a nudge becomes."""
    nudged = page.nudged
    pages[person].add(page)
    gone = asyncio.create_task(disconnected(receive))
    headers = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-store"), (b"x-accel-buffering", b"no")]
    hello = event("connected", {"heartbeat": HEARTBEAT})
    try:
        await send({"type": "http.response.start", "status": 200, "headers": [*headers, *CORS]})
        await send({"type": "http.response.body", "body": hello, "more_body": True})
        while not gone.done() and not page.revoked:
            nudge = asyncio.create_task(nudged.wait())
            await asyncio.wait({gone, nudge}, timeout=HEARTBEAT, return_when=asyncio.FIRST_COMPLETED)
            nudge.cancel()
            keyring().touch(page.key)
            if not gone.done() and not page.revoked:
                body = hello if nudged.is_set() else event("heartbeat", {})
                nudged.clear()
                await send({"type": "http.response.body", "body": body, "more_body": True})
        if page.revoked:  # the client tries again, and is told that the key is none
            await send({"type": "http.response.body", "body": b"", "more_body": False})
    finally:
        gone.cancel()
        pages[person].discard(page)
        if not pages[person]:
            del pages[person]


async def disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def listen() -> None:
    """Hear nudges for ever. After Redis was away some are lost, so then every page is told to look."""
    missed = False
    while True:
        try:
            async with Redis.from_url(os.environ["REDIS_URL"], health_check_interval=30).pubsub() as subscription:
                await subscription.subscribe(CHANNEL)
                if missed:
                    wake_all()
                async for message in subscription.listen():
                    if message["type"] == "message":
                        wake(message["data"])
        except (RedisError, OSError):
            missed = True
            await asyncio.sleep(1)


def wake(data: bytes) -> None:
    try:
        nudge = json.loads(data)
        people = [(int(nudge["workspace"]), str(person)) for person in nudge["people"]]
    except (ValueError, KeyError, TypeError):
        return
    for person in people:
        for page in pages.get(person, ()):
            page.nudged.set()


def wake_all() -> None:
    for waiting in pages.values():
        for page in waiting:
            page.nudged.set()


def end_streams(key: str) -> None:
    """The key was revoked."""
    for waiting in pages.values():
        for page in waiting:
            if page.key == key:
                page.revoked = True
                page.nudged.set()


def database() -> dict[str, Any]:
    return {"conninfo": os.environ["DATABASE_URL"], "connect_timeout": 5}


async def refusal() -> str | None:
    """Why live may not start; None also while the database does not answer, which is no reason."""
    try:
        return await why_refused(database())
    except Error:
        return None


def keyring() -> Keyring:
    """One connection to PostgreSQL, however many unknown keys are tried."""
    if not keyrings:
        keyrings.append(Keyring(Link(database()), os.environ["REDIS_URL"], ended=end_streams))
    return keyrings[0]


def parse(query: str) -> dict[str, str]:
    """Not `parse_qs`: clients put base64 here as it is, where a plus is a plus."""
    pairs = (part.partition("=") for part in query.split("&"))
    return {name: unquote(value) for name, _, value in pairs}


def count() -> int:
    return sum(len(waiting) for waiting in pages.values())


CORS = [(b"access-control-allow-origin", b"*")]


def event(name: str, data: dict[str, Any]) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n".encode()


async def answer(send: Send, status: int, body: dict[str, Any]) -> None:
    kind = b"application/json" if status < 400 else b"application/problem+json"
    if status >= 400:
        body = {"type": "about:blank", "status": status, **body}
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", kind), *CORS]})
    await send({"type": "http.response.body", "body": json.dumps(body).encode()})


async def live_and_die(receive: Receive, send: Send) -> None:
    while True:
        kind = (await receive())["type"]
        if kind == "lifespan.startup":
            if wrong := await refusal():
                await send({"type": "lifespan.startup.failed", "message": wrong})
                return
            tasks.add(asyncio.create_task(listen()))
        else:
            for task in tasks:
                task.cancel()
            if keyrings:
                await keyrings.pop().close()
        await send({"type": f"{kind}.complete"})
        if kind == "lifespan.shutdown":
            return
