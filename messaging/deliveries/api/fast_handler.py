"""Queue fetches on the event loop: those that arrive together are one query.

It knows what is common: a key that was looked up lately, an id, a signature where one is asked for. All else - and
every refusal - it leaves to the API.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, LiteralString

import msgspec
from psycopg import AsyncConnection
from rest_framework.exceptions import APIException

from console.accounts.keyring import KeyNotCached, Keyring
from console.accounts.process_keyring import Keys
from console.common import problems
from console.runtime.outage import Outage
from console.runtime.server import database
from console.runtime.server.database import on_thread
from console.runtime.server.fast_handlers import HandlerRequest
from console.runtime.server.micro_batcher import Deferred, MicroBatcher
from messaging.deliveries.api import queue_requests
from messaging.deliveries.services import queue
from messaging.deliveries.services.queue import Ask, Offer

PATH = b"/api/v4/users"
MOST_TOGETHER = 200
PLAN_ONCE: LiteralString = "SET plan_cache_mode = force_generic_plan"
"""The query is of one shape, an array of askers; planning it for each array takes longer than running it."""
Rows = list[tuple[Any, ...]]
encode: Callable[[Any], bytes] = msgspec.json.Encoder().encode


class QueueHandler:
    """Opened on the first fetch of an event loop."""

    def __init__(self, keys: Keys | None = None) -> None:
        self.keys = keys or Keys()
        self.asking: set[asyncio.Task[Any]] = set()
        self.threads = ThreadPoolExecutor(max_workers=1, thread_name_prefix="queue")
        self.link = database.link(PLAN_ONCE)
        self.outage = Outage("queue.database_away")
        self.batches: MicroBatcher[tuple[HandlerRequest, Ask]] | None = None

    def __call__(self, request: HandlerRequest) -> bool:
        try:
            ask = ask_of(request, self.keys())
        except KeyNotCached as missing:  # answered by the API this time
            self.look_up(missing.key)
            return False
        if ask is None:
            return False
        if self.batches is None:
            self.batches = MicroBatcher(self.serve, most=MOST_TOGETHER)
        self.batches.add((request, ask))
        return True

    def look_up(self, key: str) -> None:
        task = asyncio.ensure_future(self.keys().find(key))
        self.asking.add(task)
        task.add_done_callback(self.looked_up)

    def looked_up(self, task: asyncio.Task[Any]) -> None:
        self.asking.discard(task)
        if not task.cancelled():
            task.exception()  # it is logged already

    async def drain(self) -> None:
        if self.asking:
            await asyncio.wait(self.asking)
        if self.batches is not None:
            await self.batches.drain()
            await self.link.close()
        await self.keys.close()
        self.threads.shutdown(wait=False)

    async def serve(self, group: list[tuple[HandlerRequest, Ask]]) -> Deferred | None:
        asks = [ask for _, ask in group]
        try:
            found = await self.offers(asks)
        except Exception as error:
            self.outage.failed(error)
            body = encode(problems.problem(503, detail="The database cannot be reached just now; ask again."))
            for request, _ in group:
                request.answer(503, body, problems.MEDIA_TYPE, [("Retry-After", "5")])
            return None
        self.outage.passed()
        return partial(self.answer, group, found)

    def answer(self, group: list[tuple[HandlerRequest, Ask]], found: list[list[Offer]]) -> None:
        for (request, ask), offers in zip(group, found, strict=True):
            request.answer(
                200, encode(queue_requests.body(offers)), headers=queue_requests.headers(ask.user_id is None)
            )

    async def offers(self, asks: list[Ask]) -> list[list[Offer]]:
        async def fetch(connection: AsyncConnection[Any]) -> Rows:
            cursor = await connection.execute(queue.WAITING, queue.parameters(asks), prepare=True)
            return await cursor.fetchall()

        rows = await self.link.run(fetch)
        snapshots = {row[queue.SNAPSHOT] for row in rows}
        shown = queue.displays_kept(snapshots)
        if shown is None:  # a snapshot not met before: read once, off the loop
            loop = asyncio.get_running_loop()
            shown = await loop.run_in_executor(self.threads, on_thread, queue.displays, snapshots)
        return queue.sorted_out(asks, rows, shown)


def ask_of(request: HandlerRequest, keys: Keyring) -> Ask | None:
    """None: for the API to answer. Raises Unasked for a key that was not looked up lately."""
    holder = keys.known(request.header(b"x-cio-site-id").strip())
    if holder is None or holder.secret:
        return None
    anonymous = request.header(b"x-gist-user-anonymous").lower() == "true"
    try:
        who = queue_requests.who(request.header(b"x-gist-encoded-user-token"))
        if who is not None and not anonymous:
            queue_requests.check_signature(holder, who, request.header(b"x-earshot-signature"))
    except APIException:
        return None
    return None if who is None else queue_requests.ask(holder.workspace_id, who, anonymous)
