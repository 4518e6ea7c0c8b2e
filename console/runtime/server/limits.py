"""What a client may take of the server: seconds, bytes and connections, each with a setting of its own."""

from __future__ import annotations

import os
from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Limits:
    """The defaults suit slow phones. EARSHOT_LIMIT_HEAD_SECONDS and so on override them."""

    head_bytes: int = 64 * 1024
    """Request line and headers together. The parser itself knows no limit."""
    head_seconds: int = 15
    """From the first byte of a request until its headers are complete."""
    body_seconds: int = 20
    """For a body to arrive, beside what `body_rate` allows."""
    body_rate: int = 2048
    """Bytes per second. A body may take `body_seconds` and one second for each so many bytes that have arrived."""
    idle_seconds: int = 75
    """Between two requests on one connection, and before the first one."""
    write_seconds: int = 30
    """For a client that takes nothing of what is sent to it."""
    discard_seconds: int = 5
    """How long the rest of a request that was answered early is still read, so that the client sees the answer."""
    connections_per_address: int = 0
    """Open connections of one client address in one process; 0 for no limit. Behind a proxy all have its address."""


def from_environment() -> Limits:
    """Raises ValueError with the name of the setting that is not a whole number."""
    found = {}
    for field in fields(Limits):
        name = f"EARSHOT_LIMIT_{field.name.upper()}"
        text = os.environ.get(name, "")
        if not text:
            continue
        if not (text.isascii() and text.isdecimal()):
            raise ValueError(f"{name}={text} is not a whole number: set it to one, or unset it.")
        found[field.name] = int(text)
    return Limits(**found)
