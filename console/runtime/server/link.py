"""A connection to PostgreSQL for the event loop, beside those that Django keeps for its threads."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, LiteralString, TypeVar

import psycopg
from psycopg import AsyncConnection

Result = TypeVar("Result")


class Link:
    """Opened when it is first needed, in autocommit. `first` is run on each new connection: a SET."""

    def __init__(self, conninfo: Mapping[str, Any], first: LiteralString = "") -> None:
        self.conninfo = conninfo
        self.first = first
        self.connection: AsyncConnection[Any] | None = None
        self.connecting = asyncio.Lock()

    async def run(self, work: Callable[[AsyncConnection[Any]], Awaitable[Result]]) -> Result:
        """Do it; once more on a new connection when the old one broke. So `work` must be right when done twice."""
        connection = await self.connected()
        try:
            return await work(connection)
        except psycopg.OperationalError:
            await connection.close()
        return await work(await self.connected())

    async def connected(self) -> AsyncConnection[Any]:
        async with self.connecting:
            if self.connection is None or self.connection.closed:
                connection = await AsyncConnection.connect(**self.conninfo, autocommit=True)
                if self.first:
                    await connection.execute(self.first)
                self.connection = connection
            return self.connection

    async def close(self) -> None:
        if self.connection is not None:
            await self.connection.close()
            self.connection = None
