"""Sending what is due, to many endpoints at once, by any number of workers.

The database is spoken to by the calling thread alone; the posts are in flight beside it.
"""

from __future__ import annotations

import asyncio
import time
from threading import Lock

import aiohttp
from asgiref.sync import async_to_sync, sync_to_async

from tracking.webhooks import http_client, outbox
from tracking.webhooks.outbox import LeasedRow

AT_ONCE = 256
"""Posts in flight in one process."""
LONG_ENOUGH = 10.0
"""Seconds after which a pass takes no more, so that a worker can stop; the clock begins the next."""

_going = Lock()  # one pass a process: passes that overlap would take the threads that follow the log


def send() -> int:
    """One pass, until nothing is due; returns how many tries were made. 0 while another thread is at it.

    What is taken first decides whether there is a pass at all: most seconds there is nothing to send, and a session
    for nothing (its certificates have to be read) would be most of what an idle worker does.
    """
    if not _going.acquire(blocking=False):
        return 0
    try:
        first = outbox.take(AT_ONCE)
        return async_to_sync(_pass)(first) if first else 0
    finally:
        _going.release()


take = sync_to_async(outbox.take)
settle = sync_to_async(outbox.settle)


async def _pass(first: list[LeasedRow]) -> int:
    until = time.monotonic() + LONG_ENOUGH
    under_way: dict[asyncio.Task[http_client.PostResult | None], LeasedRow] = {}
    tries = 0
    async with http_client.session() as session:
        fresh = first
        while True:
            under_way |= {asyncio.create_task(_try(session, row)): row for row in fresh}
            if not under_way:
                return tries
            finished, _ = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
            await settle([(under_way.pop(task), task.result()) for task in finished])
            tries += len(finished)
            room = AT_ONCE - len(under_way) if time.monotonic() < until else 0
            fresh = await take(room, {one.webhook_id for one in under_way.values()}) if room else []


async def _try(session: aiohttp.ClientSession, row: LeasedRow) -> http_client.PostResult | None:
    return await http_client.post(session, row.request) if row.request is not None else None
