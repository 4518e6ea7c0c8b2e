"""A response on its way from a thread to the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from threading import Condition
from typing import Any

from console.runtime.server.refusals import answer
from console.runtime.server.request_body import ClientLeft

MOST_BUFFERED = 1024 * 1024
"""Bytes that may wait for the client before the thread waits for it too."""
PIECE = 64 * 1024
"""Bytes that are given to the connection at a time, so that a client which takes some of them is seen to do so."""

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class ResponseBuffer:
    """A thread starts, writes and finishes; the event loop sends. Abandoned, it lets the thread go."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.changed = asyncio.Event()
        self.room = Condition()
        self.head: dict[str, Any] | None = None
        self.waiting = bytearray()
        self.finished = self.abandoned = self.failed = False

    # In the thread

    def start(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], None]:
        """`start_response` of PEP 3333."""
        encoded = [(name.strip().encode("latin-1"), value.strip().encode("latin-1")) for name, value in headers]
        self.head = {"type": "http.response.start", "status": int(status[:3]), "headers": encoded}
        return self.write

    def write(self, chunk: bytes) -> None:
        """Raises ClientLeft."""
        with self.room:
            while len(self.waiting) > MOST_BUFFERED and not self.abandoned:
                self.room.wait()
            if self.abandoned:
                raise ClientLeft
            self.waiting += chunk
            enough = len(self.waiting) >= PIECE
        if enough:  # else it goes with what follows, or with the end
            self.tell()

    def fail(self) -> None:
        self.failed = True

    def finish(self) -> None:
        self.finished = True
        self.tell()

    def tell(self) -> None:
        self.loop.call_soon_threadsafe(self.changed.set)

    # On the event loop

    def abandon(self) -> None:
        """Nobody takes what is written any more."""
        with self.room:
            self.abandoned = True
            self.room.notify_all()
        self.changed.set()

    async def send_to(self, send: Send) -> None:
        """Send all that is written until it is finished or abandoned."""
        started = finished = False
        while not (finished or self.abandoned):
            await self.changed.wait()
            self.changed.clear()
            with self.room:
                finished, waiting = self.finished, bytes(self.waiting)
                self.waiting.clear()
                self.room.notify_all()
            if self.failed and not started:
                await answer(send, 500, "Something went wrong here. It is logged.")
                return
            if not started and self.head is not None and (waiting or finished):
                started = True
                await send(self.head)
            if started and not self.failed:
                await send_pieces(send, waiting, last=finished)


async def send_pieces(send: Send, body: bytes, *, last: bool = True) -> None:
    starts = range(0, len(body), PIECE) if body else [0] if last else []
    for start in starts:
        more = not last or start + PIECE < len(body)
        await send({"type": "http.response.body", "body": body[start : start + PIECE], "more_body": more})
