"""A connection to PostgreSQL for the event loop, beside those that Django keeps for its threads."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import psycopg
from django.db import close_old_connections, connections
from psycopg import AsyncConnection

Result = TypeVar("Result")
OF_DJANGO = ("cursor_factory", "context", "prepare_threshold", "server_side_binding", "pool")


class Link:
    """Opened when it is first needed, in autocommit; whoever uses it does so one at a time."""

    def __init__(self) -> None:
        parameters = connections["default"].get_connection_params()
        self.conninfo: dict[str, Any] = {name: value for name, value in parameters.items() if name not in OF_DJANGO}
        self.connection: AsyncConnection[Any] | None = None

    async def run(self, work: Callable[[AsyncConnection[Any]], Awaitable[Result]]) -> Result:
        """Do it; once more on a new connection when the old one broke. So `work` must be right when done twice."""
        try:
            return await work(await self.connected())
        except psycopg.OperationalError:
            await self.close()
        return await work(await self.connected())

    async def connected(self) -> AsyncConnection[Any]:
        if self.connection is None or self.connection.closed:
            self.connection = await AsyncConnection.connect(**self.conninfo, autocommit=True)
        return self.connection

    async def close(self) -> None:
        if self.connection is not None:
            await self.connection.close()
            self.connection = None


def on_thread(function: Callable[..., Result], *args: Any) -> Result:
    """Run what uses Django's connections, on a thread that keeps its own."""
    close_old_connections()
    try:
        return function(*args)
    finally:
        close_old_connections()
