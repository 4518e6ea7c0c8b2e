"""An answer of the server itself, to a request that no application gets to see."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE

Header = tuple[bytes, bytes]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


def refusal(status: int, detail: str, headers: Iterable[Header] = ()) -> bytes:
    """The bytes of the answer, after which the server closes the connection."""
    own, body = problem(status, detail)
    lines = [b"%s: %s\r\n" % header for header in (*headers, *own, (b"connection", b"close"))]
    return b"".join([STATUS_LINE[status], *lines, b"\r\n", body])


async def answer(
    send: Callable[[MutableMapping[str, Any]], Awaitable[None]],
    status: int,
    detail: str,
    headers: Iterable[Header] = (),
) -> None:
    """The same under ASGI; the connection stays."""
    own, body = problem(status, detail)
    await send({"type": "http.response.start", "status": status, "headers": [*headers, *own]})
    await send({"type": "http.response.body", "body": body})


def problem(status: int, detail: str) -> tuple[list[Header], bytes]:
    """Headers and body of problem details (RFC 9457) that any web page may read."""
    body = json.dumps({"type": "about:blank", "title": detail, "status": status, "detail": detail}).encode()
    return [
        (b"content-type", b"application/problem+json"),
        (b"content-length", b"%d" % len(body)),
        (b"access-control-allow-origin", b"*"),
    ], body
