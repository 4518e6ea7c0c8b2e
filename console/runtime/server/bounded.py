"""uvicorn's HTTP protocol with deadlines and limits, so that no client can hold the server by being slow or large.

uvicorn bounds only the time between two requests. This class adds a deadline for the head, a least rate for the body,
a deadline for a client that does not take its answer, a size for the head, and connections per address (`Limits`).
It also tells every request of a connection that the client has left; uvicorn tells only the newest one.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any, ClassVar, cast

import httptools
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from console.runtime.server.deadlines import Deadlines, Phase
from console.runtime.server.limits import Limits, from_environment
from console.runtime.server.refusals import refusal

SLICE = 16 * 1024
"""Bytes that the parser is fed at a time: the head is measured in whole slices."""
OFFERS = frozenset([b"connection", b"upgrade", b"http2-settings"])


class BoundedFlow(FlowControl):
    """Whoever does not take answers may not ask for more of them: nothing is read while nothing can be written."""

    def pause_writing(self) -> None:
        super().pause_writing()
        self.pause_reading()

    def resume_writing(self) -> None:
        super().resume_writing()
        self.resume_reading()

    def resume_reading(self) -> None:
        if self.read_paused and not self.write_paused:
            super().resume_reading()


class BoundedProtocol(HttpToolsProtocol):
    limits: ClassVar[Limits] = from_environment()
    connected: ClassVar[Counter[str]] = Counter()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.phase = Phase.IDLE
        self.since: float | None = None  # when the phase began; noticed by the next look, so a request asks for no time
        self.head_size = 0
        self.head_is_new = False
        self.raw_body_size = self.body_size = 0
        self.running: RequestResponseCycle | None = None
        self.deadlines = Deadlines(self)
        self.counted: str | None = None

    # The connection

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.flow = BoundedFlow(transport)
        self.deadlines.check()
        most = self.limits.connections_per_address
        if most and self.client:
            self.counted = self.client[0]
            self.connected[self.counted] += 1
            if self.connected[self.counted] > most:
                self.refuse(503, "Too many connections from this address.")

    def connection_lost(self, exc: Exception | None) -> None:
        self.deadlines.stop()
        if self.counted is not None:
            self.connected[self.counted] -= 1
            if not self.connected[self.counted]:
                del self.connected[self.counted]
        for cycle in (self.running, *[cycle for cycle, _ in self.pipeline]):
            if cycle is not None and not cycle.response_complete:
                cycle.disconnected = True
                cycle.message_event.set()
        self.pipeline.clear()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if len(data) <= SLICE:
            self.feed(data)
            return
        for start in range(0, len(data), SLICE):
            if not self.transport.is_closing():
                self.feed(data[start : start + SLICE])

    def feed(self, data: bytes) -> None:
        if self.phase is Phase.DISCARD:
            return
        self.parse(data)
        if self.phase is Phase.HEAD:
            if self.head_is_new:
                self.head_is_new = False  # how much of the slice belongs to it is not known
            else:
                self.head_size += len(data)
            if self.head_size > self.limits.head_bytes:
                self.refuse_head()
        elif self.phase is Phase.BODY:
            self.raw_body_size += len(data)
            beside_body = self.raw_body_size - self.body_size  # sizes of chunks, their extensions, trailers
            if beside_body > self.limits.head_bytes + 8 * self.body_size:
                self.refuse(400, "The chunks of the body carry more beside the body than the body itself.")

    # The parser

    def parse(self, data: bytes) -> None:
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self.decline_upgrade(data[upgrade.args[0] :])
        except httptools.HttpParserError:
            self.refuse(400, "The request is not valid HTTP.")

    def decline_upgrade(self, rest: bytes) -> None:
        """Read the request again without its offer to upgrade: the parser takes no body behind one.

        Java's client offers HTTP/2 with every request that it sends without TLS, and sends the body along.
        """
        if self.parser.get_method() == b"CONNECT":
            self.refuse(405, "This server is no proxy.")
            return
        kept = [header for header in self.headers if header[0] not in OFFERS]
        lines = [b"%s: %s\r\n" % header for header in kept]
        self.parse(b"".join([b"%s %s HTTP/1.1\r\n" % (self.parser.get_method(), self.url), *lines, b"\r\n"]))
        if rest:
            self.parse(rest)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.head_began()

    def head_began(self) -> None:
        if self.phase is Phase.DISCARD:
            return
        self.phase, self.since = Phase.HEAD, None
        self.head_size, self.head_is_new = 0, True

    def on_header(self, name: bytes, value: bytes) -> None:
        """Names with an underscore could pass for those that a proxy sets, so they go."""
        if b"_" in name:
            return
        name = name.lower()
        if name == b"expect" and value.lower() == b"100-continue":
            self.expect_100_continue = True
        self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        if self.head_ended():
            super().on_headers_complete()
            self.headers = []  # trailers come here, and are no headers

    def head_ended(self) -> bool:
        """Whether the request is to be served now."""
        if self.phase is Phase.DISCARD or self.parser.should_upgrade():
            return False
        if not self.head_is_new:
            size = len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
            if size > self.limits.head_bytes:
                self.refuse_head()
                return False
        self.phase, self.since = Phase.BODY, None
        self.raw_body_size = self.body_size = 0
        return True

    def on_body(self, body: bytes) -> None:
        if self.phase is Phase.BODY:
            self.body_size += len(body)
            super().on_body(body)

    def on_message_complete(self) -> None:
        if self.phase is Phase.BODY:
            self.message_ended()
            super().on_message_complete()

    def message_ended(self) -> None:
        answered = self.cycle is not None and self.cycle.response_complete
        self.phase, self.since = (Phase.IDLE if answered else Phase.ANSWER), None

    # The application

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self.running = cycle
        super()._start_asgi_task(cycle, app)

    def on_response_complete(self) -> None:
        """As uvicorn's own, without its timer: idle connections are closed by `Deadlines`."""
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.phase is Phase.ANSWER and self.cycle.response_complete:
            self.phase = Phase.IDLE
        self.since = None
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())

    # Refusals

    @property
    def answers_are_due(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def refuse_head(self) -> None:
        self.refuse(431, f"The request line and the headers are longer than {self.limits.head_bytes} bytes.")

    def refuse(self, status: int, detail: str) -> None:
        """Answer and read no further. Requests before this one are answered first, and then the connection closes."""
        if self.phase is Phase.DISCARD:
            return
        unfinished = self.cycle_of_body if self.phase is Phase.BODY else None
        self.phase, self.since = Phase.DISCARD, None
        if unfinished is not None:
            unfinished.disconnected = True
            unfinished.message_event.set()
            if unfinished.response_started:
                self.transport.close()
                return
            self.cycle = cast("RequestResponseCycle", self.cycle_before(unfinished))
        if self.answers_are_due:
            self.cycle.keep_alive = False
            return
        self.write_refusal(status, detail)

    @property
    def cycle_of_body(self) -> RequestResponseCycle | None:
        """The request whose body is arriving, where the application has it already."""
        return self.cycle

    def cycle_before(self, unfinished: RequestResponseCycle) -> RequestResponseCycle | None:
        """The newest request that is complete and not answered; of those in the pipeline the newest stands first."""
        if not self.pipeline or self.pipeline[0][0] is not unfinished:
            return None
        self.pipeline.popleft()
        return self.pipeline[0][0] if self.pipeline else self.running

    def write_refusal(self, status: int, detail: str) -> None:
        """The socket is not closed at once: that would reset the connection, and the client would see no answer."""
        self.transport.write(refusal(status, detail, self.server_state.default_headers))
        if self.transport.can_write_eof():
            self.transport.write_eof()
