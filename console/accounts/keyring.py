"""The keys that were lately asked for, and whose they are: what ingest, the queue and live ask on their event loops.

Keyed by the key itself, so that an answer is only ever given for a key that was verified. What is remembered is asked
anew of the database twice a second, and at once when another process says over Redis that something changed; so a
revoked key is refused everywhere within a second, with Redis or without it.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from psycopg import AsyncConnection
from redis.asyncio import Redis
from redis.exceptions import RedisError

from console.accounts.credentials import LONGEST, digest
from console.runtime.outage import Outage
from console.runtime.server.link import Link
from console.runtime.server.micro_batcher import MicroBatcher

CHANNEL = "earshot:keys"
"""Anything published here means: ask the database now."""
POLL = 0.5  # seconds between two looks at the database
TRUST = 5.0  # seconds after which a key that could not be checked again is not believed any more
IDLE = 60.0  # seconds without a request after which a key is forgotten
PATIENCE = 5.0  # seconds for the database to answer
MOST_UNKNOWN = 10_000
MOST_AT_ONCE = 1000

FIND = """
SELECT k.digest, w.id, k.kind = 'secret', w.signed_people_only, w.write_key_attributes
  FROM console_apikey k JOIN console_workspace w ON w.id = k.workspace_id
 WHERE k.digest = ANY(%s) AND k.revoked_at IS NULL"""


@dataclass(frozen=True, slots=True)
class Holder:
    """What a key opens, and what its workspace asks of those who use it."""

    workspace_id: int
    secret: bool
    signed_people_only: bool = False
    attributes: frozenset[str] | None = None
    """Those of people that the write key may set; None: any."""


class KeyNotCached(Exception):
    """Only the database knows whether there is such a key."""

    def __init__(self, key: str) -> None:
        super().__init__("a key that was not asked for lately")
        self.key = key


@dataclass(slots=True)
class Entry:
    digest: bytes
    holder: Holder
    until: float
    used: float = field(default_factory=time.monotonic)


class Keyring:
    """Of one event loop. `ended` is told of keys that were remembered and are no longer good."""

    def __init__(self, link: Link, redis_url: str, ended: Callable[[str], None] = lambda key: None) -> None:
        self.link = link
        self.redis_url = redis_url
        self.ended = ended
        self.entries: dict[str, Entry] = {}
        self.unknown: dict[str, float] = {}
        self.told = asyncio.Event()
        self.outage = Outage("keys.database_away")
        self.lookups: MicroBatcher[tuple[bytes, asyncio.Future[Holder | None]]] = MicroBatcher(
            self.serve, most=MOST_AT_ONCE
        )
        loop = asyncio.get_running_loop()
        self.tasks = [loop.create_task(self.watch()), loop.create_task(self.listen())]

    def known(self, key: str) -> Holder | None:
        """Whose the key is, from memory; None for a key of nobody's. Raises Unasked."""
        now = time.monotonic()
        entry = self.entries.get(key)
        if entry is not None and entry.until > now:
            entry.used = now
            return entry.holder
        if len(key) > LONGEST or not key or self.unknown.get(key, 0.0) > now:
            return None
        raise KeyNotCached(key)

    def touch(self, key: str) -> None:
        """It is still in use: an open stream is."""
        if (entry := self.entries.get(key)) is not None:
            entry.used = time.monotonic()

    async def find(self, key: str) -> Holder | None:
        """The same, asking the database where need be: many who ask together are one query. Raises OSError."""
        try:
            return self.known(key)
        except KeyNotCached:
            pass
        answer: asyncio.Future[Holder | None] = asyncio.get_running_loop().create_future()
        mark = digest(key)
        self.lookups.add((mark, answer))
        holder = await answer
        if holder is None:
            self.remember_unknown(key)
        else:
            self.entries[key] = Entry(mark, holder, time.monotonic() + TRUST)
        return holder

    def remember_unknown(self, key: str) -> None:
        self.unknown.pop(key, None)
        while len(self.unknown) >= MOST_UNKNOWN:
            del self.unknown[next(iter(self.unknown))]  # the oldest
        self.unknown[key] = time.monotonic() + TRUST

    async def serve(self, group: list[tuple[bytes, asyncio.Future[Holder | None]]]) -> None:
        try:
            found = await self.query({mark for mark, _ in group})
        except Exception as error:
            self.outage.failed(error)
            for _, answer in group:
                if not answer.done():
                    answer.set_exception(OSError("The database does not answer."))
            return
        self.outage.passed()
        for mark, answer in group:
            if not answer.done():
                answer.set_result(found.get(mark))

    async def query(self, marks: set[bytes]) -> dict[bytes, Holder]:
        async def fetch(connection: AsyncConnection[Any]) -> list[tuple[Any, ...]]:
            cursor = await connection.execute(FIND, [list(marks)], prepare=False)
            return await cursor.fetchall()

        try:
            async with asyncio.timeout(PATIENCE):
                rows = await self.link.run(fetch)
        except TimeoutError:
            await self.link.close()
            raise
        return {
            bytes(mark): Holder(workspace_id, secret, signed, None if names is None else frozenset(names))
            for mark, workspace_id, secret, signed, names in rows
        }

    async def watch(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(POLL):
                    await self.told.wait()
            self.told.clear()
            try:
                await self.refresh()
            except Exception as error:  # what is remembered is believed until TRUST is over
                self.outage.failed(error)

    async def refresh(self) -> None:
        now = time.monotonic()
        for key in [key for key, entry in self.entries.items() if entry.used < now - IDLE]:
            del self.entries[key]
        asked = dict(self.entries)
        if not asked:
            return
        found = await self.query({entry.digest for entry in asked.values()})
        for key, entry in asked.items():
            holder = found.get(entry.digest)
            if holder is not None:
                entry.holder, entry.until = holder, now + TRUST
            elif self.entries.pop(key, None) is not None:
                self.ended(key)

    async def listen(self) -> None:
        """Each loss of Redis ends in a look at the database, since something may have been said meanwhile."""
        while True:
            try:
                async with Redis.from_url(self.redis_url, health_check_interval=30).pubsub() as subscription:
                    await subscription.subscribe(CHANNEL)
                    async for _ in subscription.listen():
                        self.told.set()
            except (RedisError, OSError):
                await asyncio.sleep(1)

    async def close(self) -> None:
        while pending := [task for task in self.tasks if not task.done()]:
            for task in pending:  # again: redis-py can take a cancellation while it connects for a timeout
                task.cancel()
            await asyncio.wait(pending, timeout=0.2)
        await self.lookups.drain()
        await self.link.close()
