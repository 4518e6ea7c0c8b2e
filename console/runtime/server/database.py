"""Django's database, as the event loop uses it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, LiteralString, TypeVar

from django.db import close_old_connections, connections

from console.runtime.server.link import Link

Result = TypeVar("Result")
OF_DJANGO = ("cursor_factory", "context", "prepare_threshold", "server_side_binding", "pool")


def link(first: LiteralString = "") -> Link:
    """To the database that the settings name."""
    return Link(parameters(), first)


def parameters() -> dict[str, Any]:
    """Of its connections, as psycopg takes them."""
    found = connections["default"].get_connection_params()
    return {name: value for name, value in found.items() if name not in OF_DJANGO}


def on_thread(function: Callable[..., Result], *args: object) -> Result:
    """Run what uses Django's connections, on a thread that keeps its own."""
    close_old_connections()
    try:
        return function(*args)
    finally:
        close_old_connections()
