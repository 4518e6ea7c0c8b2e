"""What arrived while others were served goes together in the next round."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

import structlog

log = structlog.get_logger()

Thing = TypeVar("Thing")
Rest = Callable[[], None]


class Together(Generic[Thing]):
    """Rounds of things; a round ends with the thing that makes it as large as `most`.

    `serve` is to answer for all of them and not to raise; should it, that is logged and the next round goes on. It
    may return what is left to do once the next round is on its way, so that neither waits for the other.

    One round is under way at a time, or `ahead` of them: then a further one begins once it would be as large as the
    one before. Smaller ones would be more, and each costs as much.
    """

    def __init__(
        self,
        serve: Callable[[list[Thing]], Awaitable[Rest | None]],
        *,
        most: int,
        size: Callable[[Thing], int] = lambda thing: 1,
        ahead: int = 1,
    ) -> None:
        self.serve = serve
        self.most = most
        self.size = size
        self.ahead = ahead
        self.things: deque[Thing] = deque()
        self.rounds: set[asyncio.Task[None]] = set()
        self.latest = 0
        self.loop = asyncio.get_running_loop()

    def add(self, thing: Thing) -> None:
        self.things.append(thing)
        self.begin()

    async def drain(self) -> None:
        """Serve what waits; nothing may be added any more."""
        while self.rounds:
            await asyncio.wait(self.rounds)

    def begin(self) -> None:
        """The round's task takes what has arrived by the time it runs."""
        crowd = len(self.rounds) < self.ahead and len(self.things) >= self.latest
        if self.things and (crowd or not self.rounds):
            self.latest = self.most
            self.rounds.add(self.loop.create_task(self.go()))

    async def go(self) -> None:
        things = self.round()
        self.latest = len(things)
        rest: Rest | None = None
        try:
            rest = await self.serve(things)
        except Exception:
            log.exception("together.round_failed", things=len(things))
        self.rounds.discard(asyncio.current_task())
        self.begin()
        if rest is not None:
            self.loop.call_soon(rest)

    def round(self) -> list[Thing]:
        taken: list[Thing] = []
        size = 0
        while self.things and size < self.most:
            taken.append(self.things.popleft())
            size += self.size(taken[-1])
        return taken
