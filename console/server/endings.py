"""The last piece of a response is sent as the last.

a2wsgi says that a response is over by an empty message of its own. By then the client has all that the length
promised, and its next request would find the connection still busy, hence be kept from the doors.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]


def said_as_last(send: Send) -> Send:
    """Each piece waits for the next one, or for the end."""
    held: list[bytes] = []

    async def forward(message: Message) -> None:
        if message["type"] != "http.response.body":
            await send(message)
            return
        body = message.get("body", b"")
        if message.get("more_body"):
            if held and body:
                await send({"type": "http.response.body", "body": held.pop(), "more_body": True})
            if body:
                held.append(body)
        else:
            await send({"type": "http.response.body", "body": b"".join([*held, body]), "more_body": False})

    return forward
