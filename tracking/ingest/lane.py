"""Group commit: what arrived while the last write was under way is written together, and answered once committed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from time import perf_counter
from typing import Any

import psycopg
import structlog
from psycopg import AsyncConnection

from console.server.link import Link, on_thread
from console.server.together import Together
from tracking.ingest import line
from tracking.ingest.append import INSERT, KEEP, document, kept_columns, rows_of
from tracking.ingest.inbox import keep
from tracking.ingest.resolve import needs_asking, resolve
from tracking.ingest.timing import add
from tracking.ingest.values import Item, Order

log = structlog.get_logger()

MAX_ROWS = 1000
"""So many rows go into one commit at most."""
MAX_WAITING = 20_000
"""So many items may wait; who comes then is told to come again."""


class Full(Exception):
    """Too many items wait already."""


Answered = Callable[[Order, "set[str] | None"], None]
"""Is told of the keys that are new in the log, once that is committed; None: nothing is known to be kept."""
Ticket = tuple[Order, Answered]


class Lane:
    """A queue, one connection, one write at a time."""

    def __init__(self, threads: ThreadPoolExecutor) -> None:
        self.threads = threads
        self.link = Link()
        self.waiting = 0
        self.rounds: Together[Ticket] = Together(self.serve, most=MAX_ROWS, size=_items)

    def take(self, order: Order, answered: Answered) -> None:
        """Queue the order; raises Full. `answered` is called once, on the event loop."""
        if self.waiting + len(order.items) > MAX_WAITING:
            raise Full
        self.waiting += len(order.items)
        self.rounds.add((order, answered))

    async def drain(self) -> None:
        """Write what waits, then stop."""
        await self.rounds.drain()
        await self.link.close()

    async def serve(self, group: list[Ticket]) -> None:
        """One group: resolved and written together. Whatever goes wrong, everybody is answered."""
        orders = [order for order, _ in group]
        fresh: set[str] | None = None
        try:
            start = perf_counter()
            await self.resolve(orders)
            start = add("resolve", start)
            fresh = await self.commit(orders)
            add("append", start)
        except psycopg.DataError:
            await self.serve_apart(group)
            return
        except Exception as error:
            log.warning("ingest.write_failed", error=str(error), requests=len(group))
        # Once the next group is on its way to the database, so that it does not wait for these answers.
        asyncio.get_running_loop().call_soon(self.tell_all, group, fresh)

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
        reports = [item.report for order in orders for item in order.items if isinstance(item, Item) and item.report]
        if reports and needs_asking(reports):
            await self.aside(resolve, orders)
        else:
            resolve(orders)

    async def commit(self, orders: list[Order]) -> set[str]:
        """A key written twice is one row all the same."""
        rows, kept = rows_of(orders), keep(orders)
        if not rows and not kept:
            return set()
        return await self.link.run(
            partial(self.send, rows=document(rows) if rows else None, kept=kept_columns(kept) if kept else None)
        )

    async def send(self, connection: AsyncConnection[Any], rows: str | None, kept: list[list[Any]] | None) -> set[str]:
        if kept:
            async with connection.transaction():
                await connection.execute(KEEP, kept)
                return await self.insert(connection, rows) if rows else set()
        return await self.insert(connection, rows) if rows else set()

    async def insert(self, connection: AsyncConnection[Any], rows: str) -> set[str]:
        cursor = await connection.execute(INSERT, [rows], prepare=True)
        return {row[0] for row in await cursor.fetchall()}

    async def serve_apart(self, group: list[Ticket]) -> None:
        """The database refused a value of somebody's: each request by itself, so that only that item is refused."""
        for ticket in group:
            fresh: set[str] | None = None
            try:
                fresh = await self.aside(line.write_apart, ticket[0])
            except Exception as error:
                log.warning("ingest.write_failed", error=str(error), requests=1)
            self.tell(ticket, fresh)

    async def aside(self, function: Any, *args: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self.threads, on_thread, function, *args)


def _items(ticket: Ticket) -> int:
    return len(ticket[0].items)
