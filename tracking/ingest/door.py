"""The thin door: posts to the ingest paths, answered on the event loop after a commit that many share.

All it knows of Django is its settings and, through the steps, its models.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from time import perf_counter

import structlog

from console.keyring import Unasked
from console.server.doors import Asked
from console.server.keys import Keys
from tracking.ingest import timing
from tracking.ingest.acknowledge import acknowledge, busy, unreachable
from tracking.ingest.lane import Full, Lane
from tracking.ingest.line import KINDS, receive
from tracking.ingest.values import Answer, Order, Post

log = structlog.get_logger()

KIND_OF = {f"/v1/{word}": kind for name, kind in KINDS.items() for word in (name, name[0])}
PATHS = frozenset(path.encode() for path in KIND_OF)


class Door:
    """The lane of one process, opened on the first request of an event loop."""

    def __init__(self, keys: Keys | None = None) -> None:
        self.keys = keys or Keys()
        self.threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="ingest")
        self.lane: Lane | None = None
        self.asking: set[asyncio.Task[None]] = set()

    def __call__(self, turn: Asked) -> bool:
        try:
            post = post_of(turn)
            self.write(turn, receive(post, self.keys().known))
        except Unasked as unasked:
            task = asyncio.ensure_future(self.ask(turn, post, unasked.key))
            self.asking.add(task)
            task.add_done_callback(self.asking.discard)
        except Exception:
            failed(turn)
        return True

    async def ask(self, turn: Asked, post: Post, key: str) -> None:
        """Look the key up, then go on as if it had been known."""
        try:
            found = await self.keys().find(key)
            self.write(turn, receive(post, lambda asked: found if asked == key else None))
        except OSError:
            say(turn, unreachable())
        except Exception:
            failed(turn)

    def write(self, turn: Asked, order: Order) -> None:
        if self.lane is None:
            self.lane = Lane(self.threads)
        try:
            self.lane.take(order, partial(answered, turn))
        except Full:
            say(turn, busy(429, "busy", "Too many events wait to be written; send the same again in a second."))

    async def drain(self) -> None:
        """Answer everybody who was let in, then stop."""
        if self.asking:
            await asyncio.wait(self.asking)
        if self.lane is not None:
            await self.lane.drain()
        await self.keys.close()
        self.threads.shutdown(wait=False)


def answered(turn: Asked, order: Order, fresh: set[str] | None) -> None:
    """The lane's word on an order: the keys that are new in the log, or None: nothing is known to be kept."""
    if fresh is None:
        say(turn, unreachable())
        return
    began = perf_counter()
    answer = acknowledge(order, fresh)
    timing.acknowledge.add(perf_counter() - began)
    say(turn, answer)


def failed(turn: Asked) -> None:
    """Whatever a step raised, who asked is answered."""
    log.exception("ingest.door_failed")
    say(turn, busy(503, "unavailable", "The event could not be handled; send it again."))


def say(turn: Asked, answer: Answer) -> None:
    turn.answer(answer.status, answer.body, answer.content_type, answer.headers)


def post_of(turn: Asked) -> Post:
    return Post(
        kind=KIND_OF[turn.path],
        body=turn.content,
        received_at=datetime.now(UTC),
        authorization=turn.header(b"authorization"),
        encoding=turn.header(b"content-encoding"),
        strict=turn.header(b"x-strict-mode") == "1",
    )
