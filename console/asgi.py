"""What the web server runs: pages through Django's WSGI side on a fixed pool of threads, so its database connections
last; static files; and the fast handlers, to which `console.runtime.server.protocol` gives the requests of the hot
paths."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from django.conf import settings

from console.accounts.process_keyring import Keys
from console.runtime.server.fast_handlers import FastHandler
from console.runtime.server.response_buffer import send_pieces
from console.runtime.server.wsgi import WSGIBridge
from console.runtime.static_files import static_response
from console.wsgi import application as django
from messaging.deliveries.api import fast_handler as queue
from messaging.people import people_csv  # after Django is set up
from tracking.ingest import fast_handler as ingest

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
MEGABYTE = 1024 * 1024


def body_limit(path: str) -> int:
    """Bytes that a request may have on this path, beside what its view allows."""
    if path.startswith("/w/"):
        return people_csv.LARGEST + MEGABYTE if path.endswith("/people/import/") else 3 * MEGABYTE
    return 3 * MEGABYTE if path.startswith("/admin/") else MEGABYTE


class Application:
    def __init__(self) -> None:
        self.pages = WSGIBridge(django, threads=8, body_limit=body_limit, trusted_proxies=int(settings.BEHIND_PROXY))
        self.files = ThreadPoolExecutor(max_workers=2, thread_name_prefix="static")
        keys = Keys()
        self.ingest = ingest.IngestHandler(keys)
        self.queue = queue.QueueHandler(keys)
        self.fast_handlers: dict[bytes, FastHandler] = {
            queue.PATH: self.queue,
            **dict.fromkeys(ingest.PATHS, self.ingest),
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.live_and_die(receive, send)
        elif not (scope["path"].startswith(settings.STATIC_URL) and await self.file(scope, send)):
            await self.pages(scope, receive, send)

    async def file(self, scope: Scope, send: Send) -> bool:
        """Answer with a static file, if there is one; read by a thread that never waits for the client."""
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        look = partial(static_response, scope["method"], scope["path"], headers)
        found = await asyncio.get_running_loop().run_in_executor(self.files, look)
        if found is None:
            return False
        status, answer, body = found
        encoded = [(name.encode(), value.encode()) for name, value in answer.items()]
        await send({"type": "http.response.start", "status": status, "headers": encoded})
        await send_pieces(send, body)
        return True

    async def live_and_die(self, receive: Receive, send: Send) -> None:
        while True:
            kind = (await receive())["type"]
            if kind == "lifespan.startup":
                from console.accounts.services import installation  # its models can be loaded once Django is set up

                if wrong := await asyncio.to_thread(installation.what_is_wrong):
                    await send({"type": "lifespan.startup.failed", "message": wrong})
                    return
                gc.collect()
                gc.freeze()  # what is loaded stays: the collector need not walk through it again and again
            if kind == "lifespan.shutdown":
                await self.ingest.drain()
                await self.queue.drain()
            await send({"type": f"{kind}.complete"})
            if kind == "lifespan.shutdown":
                return


application = Application()
