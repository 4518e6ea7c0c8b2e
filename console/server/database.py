"""Django's database, as the event loop uses it."""

from __future__ import annotations

from collections.abc import Callable
from typing import LiteralString, TypeVar

from django.db import close_old_connections, connections

from console.server.link import Link

Result = TypeVar("Result")
OF_DJANGO = ("cursor_factory", "context", "prepare_threshold", "server_side_binding", "pool")


def link(first: LiteralString = "") -> Link:
    """To the database that the settings name."""
    parameters = connections["default"].get_connection_params()
    return Link({name: value for name, value in parameters.items() if name not in OF_DJANGO}, first)


def on_thread(function: Callable[..., Result], *args: object) -> Result:
    """Run what uses Django's connections, on a thread that keeps its own."""
    close_old_connections()
    try:
        return function(*args)
    finally:
        close_old_connections()
