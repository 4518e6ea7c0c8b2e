"""Server-sent events: tell an open page that something waits for its person, and the page fetches its queue.

    GET /api/v3/sse?userToken=<base64 of the person's id>&siteId=<write key>&sessionId=...

A small ASGI application without Django: thousands of open connections cost one process and one subscription to
Redis. It never says what waits, so it asks for no more proof than the public write key.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import json
import os
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import unquote

import psycopg
from redis.asyncio import Redis
from redis.exceptions import RedisError

HEARTBEAT = 20  # seconds; clients give a silent link up 5 s later
MOST_CONNECTIONS = 20_000
CHANNEL = "earshot:nudges"  # {"workspace": 1, "people": [their ids]}; see messaging.services.nudges
KEYS_ARE_GOOD_FOR = 60  # seconds until a revoked key is noticed
FIND_KEY = "SELECT workspace_id FROM console_apikey WHERE digest = %s AND kind = 'write' AND revoked_at IS NULL"

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Person = tuple[int, str]

pages: defaultdict[Person, set[asyncio.Event]] = defaultdict(set)
known_keys: dict[str, tuple[float, int | None]] = {}
listening: set[asyncio.Task[None]] = set()


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
        external_id = base64.b64decode(asked.get("userToken", ""), validate=True).decode()
    except (binascii.Error, ValueError):
        external_id = ""
    if not external_id:
        return await answer(send, 400, {"title": "userToken must be the base64 of the person's id."})
    try:
        workspace_id = await workspace_of(asked.get("siteId", ""))
    except psycopg.Error:
        return await answer(send, 503, {"title": "The database does not answer; try again."})
    if workspace_id is None:
        return await answer(send, 401, {"title": "siteId is not a write key."})
    if count() >= MOST_CONNECTIONS:
        return await answer(send, 503, {"title": "Too many open connections; poll instead."})
    await stream((workspace_id, external_id), receive, send)


async def stream(person: Person, receive: Receive, send: Send) -> None:
    """`connected` makes a client fetch its queue; so it is what a nudge becomes."""
    nudged = asyncio.Event()
    pages[person].add(nudged)
    gone = asyncio.create_task(disconnected(receive))
    headers = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-store"), (b"x-accel-buffering", b"no")]
    hello = event("connected", {"heartbeat": HEARTBEAT})
    try:
        await send({"type": "http.response.start", "status": 200, "headers": [*headers, *CORS]})
        await send({"type": "http.response.body", "body": hello, "more_body": True})
        while not gone.done():
            nudge = asyncio.create_task(nudged.wait())
            await asyncio.wait({gone, nudge}, timeout=HEARTBEAT, return_when=asyncio.FIRST_COMPLETED)
            nudge.cancel()
            if not gone.done():
                body = hello if nudged.is_set() else event("heartbeat", {})
                nudged.clear()
                await send({"type": "http.response.body", "body": body, "more_body": True})
    finally:
        gone.cancel()
        pages[person].discard(nudged)
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
        for nudged in pages.get(person, ()):
            nudged.set()


def wake_all() -> None:
    for waiting in pages.values():
        for nudged in waiting:
            nudged.set()


async def workspace_of(key: str) -> int | None:
    until, found = known_keys.get(key, (0.0, None))
    if time.monotonic() > until:
        digest = hashlib.sha256(key.encode()).digest()
        async with await psycopg.AsyncConnection.connect(os.environ["DATABASE_URL"], connect_timeout=5) as connection:
            row = await (await connection.execute(FIND_KEY, [digest])).fetchone()
        found = row[0] if row else None
        if len(known_keys) > 1000:
            known_keys.clear()
        known_keys[key] = (time.monotonic() + KEYS_ARE_GOOD_FOR, found)
    return found


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
            listening.add(asyncio.create_task(listen()))
        else:
            for task in listening:
                task.cancel()
        await send({"type": f"{kind}.complete"})
        if kind == "lifespan.shutdown":
            return
