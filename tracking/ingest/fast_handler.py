"""Requests to the ingest paths, answered on the event loop after a commit that many of them share.

All it knows of Django is its settings and, through the steps, its models.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from time import perf_counter

import structlog

from console.accounts.keyring import KeyNotCached
from console.accounts.process_keyring import Keys
from console.runtime.server.fast_handlers import HandlerRequest
from tracking.ingest import timing
from tracking.ingest.acknowledge import acknowledge, busy, unreachable
from tracking.ingest.batch_writer import BatchWriter, QueueFull
from tracking.ingest.line import KINDS, receive
from tracking.ingest.values import IngestBatch, IngestRequest, IngestResponse

log = structlog.get_logger()

KIND_OF = {f"/v1/{word}": kind for name, kind in KINDS.items() for word in (name, name[0])}
PATHS = frozenset(path.encode() for path in KIND_OF)


class IngestHandler:
    """The batch writer of one process, opened on the first request of an event loop."""

    def __init__(self, keys: Keys | None = None) -> None:
        self.keys = keys or Keys()
        self.threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="ingest")
        self.writer: BatchWriter | None = None
        self.asking: set[asyncio.Task[None]] = set()

    def __call__(self, request: HandlerRequest) -> bool:
        try:
            ingest_request = read_request(request)
            self.write(request, receive(ingest_request, self.keys().known))
        except KeyNotCached as missing:
            task = asyncio.ensure_future(self.ask(request, ingest_request, missing.key))
            self.asking.add(task)
            task.add_done_callback(self.asking.discard)
        except Exception:
            failed(request)
        return True

    async def ask(self, request: HandlerRequest, ingest_request: IngestRequest, key: str) -> None:
        """Look the key up, then go on as if it had been known."""
        try:
            found = await self.keys().find(key)
            self.write(request, receive(ingest_request, lambda asked: found if asked == key else None))
        except OSError:
            respond(request, unreachable())
        except Exception:
            failed(request)

    def write(self, request: HandlerRequest, batch: IngestBatch) -> None:
        if self.writer is None:
            self.writer = BatchWriter(self.threads)
        try:
            self.writer.take(batch, partial(answered, request))
        except QueueFull:
            respond(request, busy(429, "busy", "Too many events wait to be written; send the same again in a second."))

    async def drain(self) -> None:
        """Answer everybody who was let in, then stop."""
        if self.asking:
            await asyncio.wait(self.asking)
        if self.writer is not None:
            await self.writer.drain()
        await self.keys.close()
        self.threads.shutdown(wait=False)


def answered(request: HandlerRequest, batch: IngestBatch, fresh: set[str] | None) -> None:
    """What the writer says of a batch: the keys that are new in the log, or None: nothing is known to be kept."""
    if fresh is None:
        respond(request, unreachable())
        return
    began = perf_counter()
    response = acknowledge(batch, fresh)
    timing.acknowledge.add(perf_counter() - began)
    respond(request, response)


def failed(request: HandlerRequest) -> None:
    """Whatever a step raised, who asked is answered."""
    log.exception("ingest.handler_failed")
    respond(request, busy(503, "unavailable", "The event could not be handled; send it again."))


def respond(request: HandlerRequest, response: IngestResponse) -> None:
    request.answer(response.status, response.body, response.content_type, response.headers)


def read_request(request: HandlerRequest) -> IngestRequest:
    return IngestRequest(
        kind=KIND_OF[request.path],
        body=request.content,
        received_at=datetime.now(UTC),
        authorization=request.header(b"authorization"),
        encoding=request.header(b"content-encoding"),
        strict=request.header(b"x-strict-mode") == "1",
    )
