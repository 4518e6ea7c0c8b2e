"""uvicorn's HTTP protocol with doors: a POST to a hot path costs no task, no scope and no ASGI messages.

All else goes uvicorn's way to the ASGI application; so does what a door declines, a POST that comes while its
connection still waits for another answer, and one that wants to be told to continue.
"""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from console.server.doors import Door
from console.server.turn import Turn

MOST_HEAD = 64 * 1024
"""Bytes of a request before its headers are complete. httptools itself knows no limit."""
MOST_BODY = 500 * 1024 + 1
"""Bytes of a body that a door gets to see: one more than any of them allows, so that it can tell."""


class Protocol(HttpToolsProtocol):
    """The application has the doors: `app.doors`, by path."""

    encoded: ClassVar[tuple[object, bytes]] = (None, b"")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.doors: dict[bytes, Door] = self.app.doors
        self.door: Door | None = None
        self.turn: Turn | None = None
        self.in_head = True
        self.head_size = 0

    @property
    def standing(self) -> bytes:
        """What stands in every answer (the date); uvicorn renews it once a second, as a list of its own."""
        headers = self.server_state.default_headers
        if headers is not self.encoded[0]:
            Protocol.encoded = (headers, b"".join([b"%s: %s\r\n" % header for header in headers]))
        return self.encoded[1]

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Whoever connects and says nothing is let go as after an answer; the first byte ends the wait."""
        super().connection_made(transport)
        self.timeout_keep_alive_task = self.loop.call_later(self.timeout_keep_alive, self.timeout_keep_alive_handler)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.in_head:
            self.head_size += len(data)
            if self.head_size > MOST_HEAD and not self.transport.is_closing():
                self.send_400_response("The headers are too long.")

    def on_message_begin(self) -> None:
        """What the parser fills in. uvicorn would also begin a scope, which a door has no use for."""
        self.url, self.headers, self.expect_100_continue = b"", [], False

    def begin_scope(self) -> None:
        url, headers, expected = self.url, self.headers, self.expect_100_continue
        super().on_message_begin()
        self.url, self.expect_100_continue = url, expected
        self.headers += headers

    def on_headers_complete(self) -> None:
        self.in_head, self.head_size = False, 0
        path, _, query = self.url.partition(b"?")
        door = self.doors.get(path)
        busy = self.cycle is not None and not self.cycle.response_complete
        if door is None or busy or self.expect_100_continue or self.parser.get_method() != b"POST":
            self.begin_scope()
            super().on_headers_complete()
            return
        self.door = door
        self.turn = Turn(self, path.decode(), query)

    def on_body(self, body: bytes) -> None:
        if self.turn is None:
            super().on_body(body)
        elif self.turn.size < MOST_BODY:
            self.turn.parts.append(body)
            self.turn.size += len(body)

    def on_message_complete(self) -> None:
        self.in_head = True
        turn, door = self.turn, self.door
        if turn is None or door is None:
            super().on_message_complete()
            return
        before, self.cycle, self.turn = self.cycle, turn, None
        if not door(turn):
            self.cycle = before
            self.leave_to_application(turn)

    def leave_to_application(self, turn: Turn) -> None:
        self.begin_scope()
        super().on_headers_complete()
        super().on_body(turn.content)
        super().on_message_complete()
