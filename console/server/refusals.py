"""An answer of the server itself, to a request that no application gets to see."""

from __future__ import annotations

import json
from collections.abc import Iterable

from uvicorn.protocols.http.httptools_impl import STATUS_LINE


def refusal(status: int, detail: str, headers: Iterable[tuple[bytes, bytes]] = ()) -> bytes:
    """The bytes of the answer: problem details (RFC 9457), readable by any web page, after which the server closes."""
    body = json.dumps({"type": "about:blank", "title": detail, "status": status, "detail": detail}).encode()
    own = [
        (b"content-type", b"application/problem+json"),
        (b"content-length", b"%d" % len(body)),
        (b"access-control-allow-origin", b"*"),
        (b"connection", b"close"),
    ]
    lines = [b"%s: %s\r\n" % header for header in (*headers, *own)]
    return b"".join([STATUS_LINE[status], *lines, b"\r\n", body])
