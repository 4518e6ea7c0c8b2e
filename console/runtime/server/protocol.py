"""The bounded HTTP protocol with fast handlers: a POST to a hot path costs no task, no scope and no ASGI messages.

All else goes uvicorn's way to the ASGI application; so does what a handler declines, a POST that comes while its
connection still waits for another answer, and one that wants to be told to continue.
"""

from __future__ import annotations

from typing import Any, ClassVar

from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from console.runtime.server.bounded import BoundedProtocol
from console.runtime.server.deadlines import Phase
from console.runtime.server.fast_handlers import FastHandler
from console.runtime.server.fast_request import FastRequest

MOST_BODY = 500 * 1024 + 1
"""Bytes of a body that a handler gets to see: one more than any of them allows, so that it can tell."""


class Protocol(BoundedProtocol):
    """The application has the handlers: `app.fast_handlers`, by path."""

    encoded: ClassVar[tuple[object, bytes]] = (None, b"")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fast_handlers: dict[bytes, FastHandler] = self.app.fast_handlers
        self.fast_handler: FastHandler | None = None
        self.fast_request: FastRequest | None = None

    @property
    def standing(self) -> bytes:
        """What stands in every answer (the date); uvicorn renews it once a second, as a list of its own."""
        headers = self.server_state.default_headers
        if headers is not self.encoded[0]:
            Protocol.encoded = (headers, b"".join([b"%s: %s\r\n" % header for header in headers]))
        return self.encoded[1]

    def on_message_begin(self) -> None:
        """What the parser fills in. uvicorn would also begin a scope, which a handler has no use for."""
        self.url, self.headers, self.expect_100_continue = b"", [], False
        self.head_began()

    def begin_scope(self) -> None:
        url, headers, expected = self.url, self.headers, self.expect_100_continue
        super(BoundedProtocol, self).on_message_begin()
        self.url, self.expect_100_continue = url, expected
        self.headers += headers

    @property
    def cycle_of_body(self) -> RequestResponseCycle | None:
        return None if self.fast_request is not None and not self.fast_request.handed_over else self.cycle

    def on_headers_complete(self) -> None:
        path, _, query = self.url.partition(b"?")
        handler = self.fast_handlers.get(path)
        if handler is None or not self.takes_fast(self.cycle):
            self.begin_scope()
            super().on_headers_complete()
            return
        if self.head_ended():
            self.fast_handler, self.fast_request = handler, FastRequest(self, path.decode(), query)

    def takes_fast(self, before: RequestResponseCycle | None) -> bool:
        """Whether a handler may have the request: a plain POST, and nobody before it waits for an answer."""
        if (before is not None and not before.response_complete) or self.expect_100_continue:
            return False
        return self.parser.get_method() == b"POST" and not self.parser.should_upgrade()

    def on_body(self, body: bytes) -> None:
        request = self.fast_request
        if request is None:
            super().on_body(body)
            return
        if self.phase is not Phase.BODY:
            return
        self.body_size += len(body)
        if not request.handed_over:
            request.parts.append(body)
            request.size += len(body)
            if request.size >= MOST_BODY:
                self.hand_over(request)

    def on_message_complete(self) -> None:
        request, self.fast_request = self.fast_request, None
        if request is None:
            super().on_message_complete()
            return
        if self.phase is not Phase.BODY:
            return
        self.message_ended()
        if not request.handed_over:
            self.hand_over(request)

    def hand_over(self, request: FastRequest) -> None:
        """Give the request to its handler: when it is complete, or as soon as it is too large for any of them."""
        request.handed_over = True
        before, self.cycle, self.running = self.cycle, request, request
        if self.fast_handler is None or self.fast_handler(request):
            return
        if request.size >= MOST_BODY:
            request.answer(413, b'{"type":"about:blank","title":"The body is too large.","status":413}', PROBLEM)
        else:
            self.cycle = before
            self.leave_to_application(request)

    def leave_to_application(self, request: FastRequest) -> None:
        self.begin_scope()
        super(BoundedProtocol, self).on_headers_complete()
        super(BoundedProtocol, self).on_body(request.content)
        super(BoundedProtocol, self).on_message_complete()


PROBLEM = "application/problem+json"
