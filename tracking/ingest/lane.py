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

from console.outage import Outage
from console.server import database
from console.server.database import on_thread
from console.server.pipeline import Command, Pipeline
from console.server.together import Rest, Together
from tracking.ingest import line, timing
from tracking.ingest.append import commands, rows_of
from tracking.ingest.inbox import keep
from tracking.ingest.resolve import ask, recall, resolve
from tracking.ingest.values import Order

log = structlog.get_logger()

MAX_ROWS = 1000
"""So many rows go into one commit at most."""
AHEAD = 2
"""Writes under way: the next is at the database when it is done with the last, and need not be sent first."""
MAX_WAITING = 20_000
"""So many items may wait; who comes then is told to come again."""


class Full(Exception):
    """Too many items wait already."""


Answered = Callable[[Order, "set[str] | None"], None]
"""Is told of the keys that are new in the log, once that is committed; None: nothing is known to be kept."""
Ticket = tuple[Order, Answered]


class Lane:
    """A queue, one connection, at most two writes under way."""

    def __init__(self, threads: ThreadPoolExecutor) -> None:
        self.threads = threads
        self.link = database.link()
        self.pipeline: Pipeline | None = None
        self.waiting = 0
        self.outage = Outage("ingest.database_away")
        self.rounds: Together[Ticket] = Together(self.serve, most=MAX_ROWS, size=_items, ahead=AHEAD)

    def take(self, order: Order, answered: Answered) -> None:
        """Queue the order; raises Full. `answered` is called once, on the event loop."""
        if self.waiting + len(order.items) > MAX_WAITING:
            raise Full
        self.waiting += len(order.items)
        self.rounds.add((order, answered))

    async def drain(self) -> None:
        """Write what waits, then stop."""
        await self.rounds.drain()
        if self.pipeline is not None:
            self.pipeline.close()

    async def serve(self, group: list[Ticket]) -> Rest | None:
        """One group: resolved and written together. Whatever goes wrong, everybody is answered."""
        orders = [order for order, _ in group]
        fresh: set[str] | None = None
        try:
            with timing.resolve.timed():
                await self.resolve(orders)
            with timing.append.timed():
                fresh = await self.commit(orders)
        except psycopg.DataError:
            await self.serve_apart(group)
            return None
        except Exception as error:
            self.outage.failed(error)
        else:
            self.outage.passed()
        return partial(self.tell_all, group, fresh)

    def tell_all(self, group: list[Ticket], fresh: set[str] | None) -> None:
        for ticket in group:
            self.tell(ticket, fresh)

    def tell(self, ticket: Ticket, fresh: set[str] | None) -> None:
        order, answered = ticket
        self.waiting -= len(order.items)
        try:
            answered(order, fresh)
        except Exception:
            log.exception("ingest.answer_failed")

    async def resolve(self, orders: list[Order]) -> None:
        resolve(orders, recall(orders) or await self.aside(ask, orders))

    async def commit(self, orders: list[Order]) -> set[str]:
        """A key written twice is one row all the same."""
        rows = rows_of(orders)
        what = commands(rows, keep(orders))
        found = await self.link.run(partial(self.send, what)) if what else []
        return {key.decode() for key in found} if rows else set()

    async def send(self, what: Sequence[Command], connection: AsyncConnection[Any]) -> list[bytes]:
        if self.pipeline is None or self.pipeline.connection is not connection:
            self.pipeline = Pipeline(connection)
        return await self.pipeline.transaction(what)

    async def serve_apart(self, group: list[Ticket]) -> None:
        """The database refused a value of somebody's: each request by itself, so that only that item is refused."""
        for ticket in group:
            fresh: set[str] | None = None
            try:
                fresh = await self.aside(line.write_apart, ticket[0])
            except Exception as error:
                self.outage.failed(error)
            self.tell(ticket, fresh)

    async def aside(self, function: Any, *args: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self.threads, on_thread, function, *args)


def _items(ticket: Ticket) -> int:
    return len(ticket[0].items)
