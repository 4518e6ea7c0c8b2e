"""The thin door: posts to the ingest paths, answered on the event loop after a commit that many share.

An ASGI application in one function. All it knows of Django is its settings and, through the steps, its models.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from time import perf_counter
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError, connections

from tracking.ingest import authenticate as keys
from tracking.ingest.acknowledge import acknowledge, busy, unreachable
from tracking.ingest.lane import Full, Lane, Unavailable
from tracking.ingest.line import KINDS, receive
from tracking.ingest.parse import MAX_REQUEST
from tracking.ingest.timing import add
from tracking.ingest.values import Answer, Post

log = structlog.get_logger()

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

PATHS = frozenset(f"/v1/{kind}" for kind in KINDS)
LANES = 2
CORS = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"Retry-After"),
]
PREFLIGHT = [
    *CORS,
    (b"access-control-allow-methods", b"POST, OPTIONS"),
    (
        b"access-control-allow-headers",
        b"accept, authorization, content-type, content-encoding, x-strict-mode, x-earshot-signature",
    ),
    (b"access-control-max-age", b"86400"),
    (b"content-length", b"0"),
]


class Door:
    """The lanes of one process, opened on the first request of an event loop."""

    def __init__(self) -> None:
        self.threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="ingest")
        self.lanes: list[Lane] = []
        self.closing = False

    def serves(self, scope: Scope) -> bool:
        return scope["path"] in PATHS and scope["method"] in ("POST", "OPTIONS")

    async def __call__(self, scope: Scope, receive_message: Receive, send: Send) -> None:
        if scope["method"] == "OPTIONS":
            await send({"type": "http.response.start", "status": 204, "headers": PREFLIGHT})
            await send({"type": "http.response.body", "body": b""})
            return
        body = await read(receive_message)
        if body is None:
            return
        try:
            answer = await self.answer(scope, body)
        except Exception:
            log.exception("ingest.door_failed")
            answer = busy(503, "unavailable", "The event could not be handled; send it again.")
        headers = [
            (b"content-type", answer.content_type.encode()),
            (b"content-length", str(len(answer.body)).encode()),
            *CORS,
            *((name.lower().encode(), value.encode()) for name, value in answer.headers),
        ]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.body})

    async def answer(self, scope: Scope, body: bytes) -> Answer:
        if self.closing:
            return busy(503, "closing", "The server is about to stop; send the same again.")
        post = post_of(scope, body)
        unknown: list[str] = []
        order = receive(post, lambda key: _remember(key, unknown))
        if unknown:  # a key not met before, or not lately: asked for once, off the loop
            try:
                await asyncio.get_running_loop().run_in_executor(self.threads, _ask, unknown[0])
            except (OperationalError, InterfaceError) as error:
                log.warning("ingest.key_not_asked", error=str(error))
                return unreachable()
            order = receive(post, lambda key: _remember(key, []))
        try:
            fresh = await self.lane().write(order)
        except Full:
            return busy(429, "busy", "Too many events wait to be written; send the same again in a second.")
        except Unavailable:
            return unreachable()
        start = perf_counter()
        answer = acknowledge(order, fresh)
        add("acknowledge", start)
        return answer

    def lane(self) -> Lane:
        """The emptiest one."""
        if not self.lanes:
            conninfo = conninfo_of_django()
            self.lanes = [Lane(conninfo, self.threads) for _ in range(LANES)]
        return min(self.lanes, key=lambda lane: lane.waiting)

    async def drain(self) -> None:
        """Answer everybody who was let in, then stop."""
        self.closing = True
        for lane in self.lanes:
            await lane.drain()
        self.lanes = []
        self.threads.shutdown(wait=False)


def conninfo_of_django() -> dict[str, Any]:
    """Django's own connection parameters, less what is about its cursors."""
    parameters = connections["default"].get_connection_params()
    ours = ("cursor_factory", "context", "prepare_threshold", "server_side_binding", "pool")
    return {name: value for name, value in parameters.items() if name not in ours}


async def read(receive_message: Receive) -> bytes | None:
    """The body, and one byte more than is allowed at most; None when the client has left."""
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive_message()
        if message["type"] == "http.disconnect":
            return None
        if size <= MAX_REQUEST:
            chunks.append(message.get("body", b""))
            size += len(chunks[-1])
        if not message.get("more_body"):
            return b"".join(chunks)


def post_of(scope: Scope, body: bytes) -> Post:
    headers = {name: value for name, value in scope["headers"] if name in _READ}
    return Post(
        kind=scope["path"][4:],
        body=body,
        received_at=datetime.now(UTC),
        authorization=headers.get(b"authorization", b"").decode("latin-1"),
        encoding=headers.get(b"content-encoding", b"").decode("latin-1"),
        strict=headers.get(b"x-strict-mode", b"") == b"1",
    )


_READ = frozenset({b"authorization", b"content-encoding", b"x-strict-mode"})


def _remember(key: str, unknown: list[str]) -> int | None:
    found = keys.kept(key)
    if found == keys.UNASKED:
        unknown.append(key)
        return None
    return found


def _ask(key: str) -> None:
    from tracking.ingest.lane import _with_connections

    _with_connections(keys.ask, key)
