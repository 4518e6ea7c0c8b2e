"""One request to a hot path, and its answer."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

from console.runtime.server.fast_handlers import Headers

if TYPE_CHECKING:
    from console.runtime.server.protocol import Protocol


def by_name(headers: list[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """By lower-case name; one that is repeated is the list of its values, as for any other request."""
    found = dict(headers)
    if len(found) != len(headers):
        for name in found:
            found[name] = b",".join([value for other, value in headers if other == name])
    return found


ALWAYS = (
    b"access-control-allow-origin: *\r\n"
    b"x-content-type-options: nosniff\r\n"
    b"access-control-expose-headers: X-Gist-Queue-Polling-Interval, X-CIO-Use-SSE, X-CIO-Inbox-Enabled, Retry-After\r\n"
    b"content-type: "
)
LENGTH = b"\r\ncontent-length: "
KEEP = b"\r\n\r\n"
CLOSE = b"\r\nconnection: close\r\n\r\n"


class FastRequest(RequestResponseCycle):
    """For uvicorn it stands where a cycle of its own would: it knows whether an answer is due, and in which order."""

    message_event = asyncio.Event()  # nobody waits for it: the body is whole before a handler sees it

    def __init__(self, protocol: Protocol, path: str, query: bytes) -> None:
        self.protocol = protocol
        self.path = path
        self.query = query
        self.headers = by_name(protocol.headers)
        self.parts: list[bytes] = []
        self.size = 0
        self.keep_alive = protocol.parser.should_keep_alive() and protocol.parser.get_http_version() != "1.0"
        self.handed_over = False
        self.disconnected = False
        self.response_started = self.response_complete = False

    @property
    def content(self) -> bytes:
        """The body; a little more than any handler allows at most."""
        return self.parts[0] if len(self.parts) == 1 else b"".join(self.parts)

    def header(self, name: bytes) -> str:
        """What stands under this lower-case name, or nothing."""
        value = self.headers.get(name)
        return value.decode("latin-1") if value else ""

    def answer(self, status: int, body: bytes, content_type: str = "application/json", headers: Headers = ()) -> None:
        """Write the answer. Whoever has left meanwhile gets none; nobody gets two."""
        if self.disconnected or self.response_complete:
            return
        self.response_started = self.response_complete = True
        own = "".join([f"\r\n{name}: {value}" for name, value in headers]).encode("latin-1") if headers else b""
        head = (STATUS_LINE[status], self.protocol.standing, ALWAYS, content_type.encode(), own)
        length = (LENGTH, b"%d" % len(body), KEEP if self.keep_alive else CLOSE)
        self.protocol.transport.write(b"".join((*head, *length, body)))
        if not self.keep_alive:
            self.protocol.transport.close()
        self.protocol.on_response_complete()
