"""A WSGI application under ASGI, on a fixed pool of threads, so that each keeps its database connection.

A thread never waits for a client to send: the body is read before it begins. It waits for a client to take its
answer only where the answer is larger than `MOST_BUFFERED`, and no longer than that client is there.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import IO, Any

import structlog

from console.runtime.server.environ import environ_of
from console.runtime.server.refusals import answer
from console.runtime.server.request_body import ClientLeft, TooLarge, read_body
from console.runtime.server.response_buffer import ResponseBuffer
from console.runtime.server.watchdog import Watchdog

log = structlog.get_logger()

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
SAFE = frozenset(["GET", "HEAD", "OPTIONS"])
MOST_WAITING = 200
"""Requests that wait for a thread; whoever comes then is asked to come again."""


class WSGIBridge:
    """`body_limit` gives the bytes that a body may have on a path; `trusted_proxies` how many stand before us."""

    def __init__(
        self, application: Any, *, threads: int, body_limit: Callable[[str], int], trusted_proxies: int = 0
    ) -> None:
        self.application = application
        self.body_limit = body_limit
        self.trusted_proxies = trusted_proxies
        self.executor = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="page")
        self.threads = threads
        self.open = 0
        self.watchdog = Watchdog()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.open >= self.threads + MOST_WAITING:
            retry = [(b"retry-after", b"2")]
            await answer(send, 503, "Too many requests wait to be served; try again in a moment.", retry)
            return
        self.open += 1
        try:
            limit = self.body_limit(scope["path"])
            with await read_body(scope, receive, limit) as body:
                await self.serve(scope, receive, send, body)
        except TooLarge:
            await answer(send, 413, f"A body may have at most {limit} bytes here.")
        except ClientLeft:
            pass
        finally:
            self.open -= 1

    async def serve(self, scope: Scope, receive: Receive, send: Send, body: IO[bytes]) -> None:
        environ = environ_of(scope, body, self.trusted_proxies)
        response = ResponseBuffer(asyncio.get_running_loop())
        context = contextvars.copy_context()
        call = partial(context.run, self.run, environ, response)
        thread = asyncio.get_running_loop().run_in_executor(self.executor, call)
        leaving = asyncio.ensure_future(client_left(receive))
        leaving.add_done_callback(lambda _: response.abandon())
        try:
            await response.send_to(send)
            await thread
        finally:
            response.abandon()
            leaving.cancel()
            if not thread.done():
                await asyncio.wait([thread])  # it reads from the body, which is closed next

    def run(self, environ: dict[str, Any], response: ResponseBuffer) -> None:
        """In a thread."""
        if response.abandoned and environ["REQUEST_METHOD"] in SAFE:
            return  # who asked has left while the request waited, and nothing would change
        with self.watchdog.watching(environ["PATH_INFO"]):
            try:
                result = self.application(environ, response.start)
                try:
                    for chunk in result:
                        response.write(chunk)
                finally:
                    getattr(result, "close", lambda: None)()
            except ClientLeft:
                pass
            except Exception:
                log.exception("pages.failed", path=environ["PATH_INFO"])
                response.fail()
            finally:
                response.finish()


async def client_left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
