"""Micro-batching: what arrives while one batch is served makes up the next one."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

import structlog

log = structlog.get_logger()

Item = TypeVar("Item")
Deferred = Callable[[], None]


class MicroBatcher(Generic[Item]):
    """Collects items into batches; a batch ends with the item that makes it as large as `most`.

    `serve` is to answer for all of a batch and not to raise; should it, that is logged and the next batch goes on. It
    may return what is left to do once the next batch is on its way, so that neither waits for the other.

    One batch is under way at a time, or `ahead` of them: then a further one begins once it would be as large as the
    one before. Smaller ones would be more, and each costs as much.
    """

    def __init__(
        self,
        serve: Callable[[list[Item]], Awaitable[Deferred | None]],
        *,
        most: int,
        size: Callable[[Item], int] = lambda item: 1,
        ahead: int = 1,
    ) -> None:
        self.serve = serve
        self.most = most
        self.size = size
        self.ahead = ahead
        self.items: deque[Item] = deque()
        self.batches: set[asyncio.Task[None]] = set()
        self.latest = 0
        self.loop = asyncio.get_running_loop()

    def add(self, item: Item) -> None:
        self.items.append(item)
        self.begin()

    async def drain(self) -> None:
        """Serve what waits; nothing may be added any more."""
        while self.batches:
            await asyncio.wait(self.batches)

    def begin(self) -> None:
        """The batch's task takes what has arrived by the time it runs."""
        enough = len(self.batches) < self.ahead and len(self.items) >= self.latest
        if self.items and (enough or not self.batches):
            self.latest = self.most
            self.batches.add(self.loop.create_task(self.go()))

    async def go(self) -> None:
        items = self.next_batch()
        self.latest = len(items)
        deferred: Deferred | None = None
        try:
            deferred = await self.serve(items)
        except Exception:
            log.exception("micro_batcher.batch_failed", items=len(items))
        self.batches.discard(asyncio.current_task())
        self.begin()
        if deferred is not None:
            self.loop.call_soon(deferred)

    def next_batch(self) -> list[Item]:
        taken: list[Item] = []
        size = 0
        while self.items and size < self.most:
            taken.append(self.items.popleft())
            size += self.size(taken[-1])
        return taken
