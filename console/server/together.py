"""What arrived while the last round was under way goes together in the next."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

import structlog

log = structlog.get_logger()

Thing = TypeVar("Thing")


class Together(Generic[Thing]):
    """One round at a time; it ends with the thing that makes it as large as `most`.

    `serve` is to answer for all of them and not to raise; should it, that is logged and the next round goes on.
    """

    def __init__(
        self,
        serve: Callable[[list[Thing]], Awaitable[None]],
        *,
        most: int,
        size: Callable[[Thing], int] = lambda thing: 1,
    ) -> None:
        self.serve = serve
        self.most = most
        self.size = size
        self.things: deque[Thing] = deque()
        self.arrived = asyncio.Event()
        self.closing = False
        self.task = asyncio.get_running_loop().create_task(self.run())

    def add(self, thing: Thing) -> None:
        self.things.append(thing)
        self.arrived.set()

    async def drain(self) -> None:
        """Serve what waits, then stop."""
        self.closing = True
        self.arrived.set()
        await self.task

    async def run(self) -> None:
        while self.things or not self.closing:
            await self.arrived.wait()
            self.arrived.clear()
            while self.things:
                await self.go(self.round())

    async def go(self, things: list[Thing]) -> None:
        try:
            await self.serve(things)
        except Exception:
            log.exception("together.round_failed", things=len(things))

    def round(self) -> list[Thing]:
        taken: list[Thing] = []
        size = 0
        while self.things and size < self.most:
            taken.append(self.things.popleft())
            size += self.size(taken[-1])
        return taken
