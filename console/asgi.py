"""What the web server runs: all pages through Django's WSGI side on a fixed pool of threads, so its database
connections last; and beside it the doors, to which `console.server.protocol` takes the hot paths."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from a2wsgi import WSGIMiddleware

from console.server.doors import Door
from console.server.endings import said_as_last
from console.wsgi import application as django
from messaging.api import door as queue  # after Django is set up
from tracking.ingest import door as ingest

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Application:
    def __init__(self) -> None:
        self.pages = WSGIMiddleware(django, workers=8)  # type: ignore[arg-type]  # HttpResponse is an iterable of bytes
        self.ingest = ingest.Door()
        self.queue = queue.Door()
        self.doors: dict[bytes, Door] = {queue.PATH: self.queue, **dict.fromkeys(ingest.PATHS, self.ingest)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.live_and_die(receive, send)
        else:
            await self.pages(scope, receive, said_as_last(send))  # type: ignore[arg-type]

    async def live_and_die(self, receive: Receive, send: Send) -> None:
        while True:
            kind = (await receive())["type"]
            if kind == "lifespan.startup":
                gc.collect()
                gc.freeze()  # what is loaded stays: the collector need not walk through it again and again
            if kind == "lifespan.shutdown":
                await asyncio.gather(self.ingest.drain(), self.queue.drain())
            await send({"type": f"{kind}.complete"})
            if kind == "lifespan.shutdown":
                return


application = Application()
