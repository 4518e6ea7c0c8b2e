"""Free TCP ports for servers on loopback."""

from __future__ import annotations

import secrets
import socket
from pathlib import Path

LOWEST = 10_000
OUTGOING = Path("/proc/sys/net/ipv4/ip_local_port_range")
"""Ports that the kernel gives to outgoing connections; one of those could take a server's while it restarts."""


def free_port(together: int = 1) -> int:
    """The first of so many ports in a row on which nobody listens now, below the range of outgoing connections."""
    highest = _first_outgoing() - together
    for _ in range(1000):
        port = LOWEST + secrets.randbelow(highest - LOWEST)
        if all(_is_free(port + beside) for beside in range(together)):
            return port
    raise OSError(f"No port between {LOWEST} and {highest} is free.")


def _first_outgoing() -> int:
    try:
        first = int(OUTGOING.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        first = 0
    return first if first > LOWEST + 1000 else 32_768  # where the range leaves no room, or is not told


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
