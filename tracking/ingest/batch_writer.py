"""Group commit: what arrived while the last write was under way is written together, and answered once committed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import psycopg
import structlog
from psycopg import AsyncConnection

from console.runtime.outage import Outage
from console.runtime.server import database
from console.runtime.server.database import on_thread
from console.runtime.server.micro_batcher import Deferred, MicroBatcher
from console.runtime.server.pipeline import Command, Pipeline
from tracking.ingest import line, timing
from tracking.ingest.append import commands, rows_of
from tracking.ingest.inbox import keep
from tracking.ingest.resolve import ask, recall, resolve
from tracking.ingest.values import IngestBatch

log = structlog.get_logger()

MAX_ROWS = 1000
"""So many rows go into one commit at most."""
AHEAD = 2
"""Writes under way: the next is at the database when it is done with the last, and need not be sent first."""
MAX_WAITING = 20_000
"""So many items may wait; who comes then is told to come again."""


class QueueFull(Exception):
    """Too many items wait already."""


OnWritten = Callable[[IngestBatch, "set[str] | None"], None]
"""Is told of the keys that are new in the log, once that is committed; None: nothing is known to be kept."""
QueuedBatch = tuple[IngestBatch, OnWritten]


class BatchWriter:
    """A queue, one connection, at most two writes under way."""

    def __init__(self, threads: ThreadPoolExecutor) -> None:
        self.threads = threads
        self.link = database.link()
        self.pipeline: Pipeline | None = None
        self.waiting = 0
        self.outage = Outage("ingest.database_away")
        self.batches: MicroBatcher[QueuedBatch] = MicroBatcher(self.serve, most=MAX_ROWS, size=_items, ahead=AHEAD)

    def take(self, batch: IngestBatch, answered: OnWritten) -> None:
        """Queue the batch; raises QueueFull. `answered` is called once, on the event loop."""
        if self.waiting + len(batch.items) > MAX_WAITING:
            raise QueueFull
        self.waiting += len(batch.items)
        self.batches.add((batch, answered))

    async def drain(self) -> None:
        """Write what waits, then stop."""
        await self.batches.drain()
        if self.pipeline is not None:
            self.pipeline.close()

    async def serve(self, group: list[QueuedBatch]) -> Deferred | None:
        """One group: resolved and written together. Whatever goes wrong, everybody is answered."""
        batches = [batch for batch, _ in group]
        fresh: set[str] | None = None
        try:
            with timing.resolve.timed():
                await self.resolve(batches)
            with timing.append.timed():
                fresh = await self.commit(batches)
        except psycopg.DataError:
            await self.serve_apart(group)
            return None
        except Exception as error:
            self.outage.failed(error)
        else:
            self.outage.passed()
        return partial(self.tell_all, group, fresh)

    def tell_all(self, group: list[QueuedBatch], fresh: set[str] | None) -> None:
        for queued in group:
            self.tell(queued, fresh)

    def tell(self, queued: QueuedBatch, fresh: set[str] | None) -> None:
        batch, answered = queued
        self.waiting -= len(batch.items)
        try:
            answered(batch, fresh)
        except Exception:
            log.exception("ingest.answer_failed")

    async def resolve(self, batches: list[IngestBatch]) -> None:
        resolve(batches, recall(batches) or await self.aside(ask, batches))

    async def commit(self, batches: list[IngestBatch]) -> set[str]:
        """A key written twice is one row all the same."""
        rows = rows_of(batches)
        what = commands(rows, keep(batches))
        found = await self.link.run(partial(self.send, what)) if what else []
        return {key.decode() for key in found} if rows else set()

    async def send(self, what: Sequence[Command], connection: AsyncConnection[Any]) -> list[bytes]:
        if self.pipeline is None or self.pipeline.connection is not connection:
            self.pipeline = Pipeline(connection)
        return await self.pipeline.transaction(what)

    async def serve_apart(self, group: list[QueuedBatch]) -> None:
        """The database refused a value of somebody's: each request by itself, so that only that item is refused."""
        for queued in group:
            fresh: set[str] | None = None
            try:
                fresh = await self.aside(line.write_apart, queued[0])
            except Exception as error:
                self.outage.failed(error)
            self.tell(queued, fresh)

    async def aside(self, function: Any, *args: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self.threads, on_thread, function, *args)


def _items(queued: QueuedBatch) -> int:
    return len(queued[0].items)
