"""The whole body of a request, read on the event loop and kept in memory or, when it is large, in a file."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from tempfile import SpooledTemporaryFile
from typing import Any

MOST_IN_MEMORY = 256 * 1024

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]


class ClientLeft(Exception):
    """Nobody waits for the answer any more."""


class TooLarge(Exception):
    """The body has more bytes than it may have."""


async def read_body(scope: MutableMapping[str, Any], receive: Receive, limit: int) -> SpooledTemporaryFile[bytes]:
    """A file at its start. Raises TooLarge, before anything is read where the length is announced, or ClientLeft."""
    if announced_length(scope) > limit:
        raise TooLarge
    body = SpooledTemporaryFile(max_size=MOST_IN_MEMORY)  # noqa: SIM115 - whoever gets it closes it
    size, more = 0, True
    try:
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ClientLeft
            part = message.get("body", b"")
            size += len(part)
            if size > limit:
                raise TooLarge
            body.write(part)
            more = message.get("more_body", False)
    except BaseException:
        body.close()
        raise
    body.seek(0)
    return body


def announced_length(scope: MutableMapping[str, Any]) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value)
    return 0
