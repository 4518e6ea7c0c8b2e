"""How the application and a rendering process talk: JSON, each with its length before it."""

from __future__ import annotations

import json
import socket
from typing import Any


def send(connection: socket.socket, what: Any) -> None:
    raw = json.dumps(what, default=str).encode()
    connection.sendall(len(raw).to_bytes(4, "big") + raw)


def receive(connection: socket.socket) -> Any:
    """None when the other side is gone. Raises TimeoutError."""
    length = _exactly(connection, 4)
    raw = _exactly(connection, int.from_bytes(length, "big")) if length else b""
    return json.loads(raw) if raw else None


def _exactly(connection: socket.socket, length: int) -> bytes:
    found = bytearray()
    while len(found) < length:
        part = connection.recv(length - len(found))
        if not part:
            return b""
        found += part
    return bytes(found)
