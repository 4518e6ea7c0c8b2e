"""Whether a pooler before PostgreSQL takes the connection away between transactions. Without Django: live asks as well.

Earshot keeps statements it prepared, a time zone and advisory locks on its connections. In pgbouncer's transaction
mode the next transaction may find those of somebody else: reports were answered 503, and the lock of the first
`prepare` held up the second for ever. Poolers do not say their mode to who uses them, so it is tried: while one
connection rests, no other may be given its backend.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg import AsyncConnection

ROUNDS = 4  # one is enough unless other clients of the pooler come between
PATIENCE = 10.0  # seconds for two connections and their answers

TAKES_AWAY = (
    "DATABASE_URL: a pooler before this database gives each transaction another connection (pgbouncer: pool_mode = "
    "{}), and Earshot keeps prepared statements and locks on its own: set pool_mode = session, or connect to "
    "PostgreSQL itself."
)
TOO_SMALL = (
    "DATABASE_URL: no second connection was given within {:g} s: let the pooler before this database give Earshot "
    "twenty connections for each web process (docs/operations.md, A pooler)."
)

WHO = "SELECT pid, backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()"
Backend = tuple[Any, ...] | None


def why_refused_now(parameters: Mapping[str, Any]) -> str | None:
    return asyncio.run(why_refused(parameters))


async def why_refused(parameters: Mapping[str, Any]) -> str | None:
    """One line, or None when connections are kept. `parameters` are psycopg's. Raises psycopg.Error."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await _tried(parameters)
    except TimeoutError:
        return TOO_SMALL.format(PATIENCE)


async def _tried(parameters: Mapping[str, Any]) -> str | None:
    resting = await AsyncConnection.connect(**parameters, autocommit=True)
    try:
        first = await _backend(resting)
        other = await AsyncConnection.connect(**parameters)
        try:
            for _ in range(ROUNDS):
                taken = await _backend(other)  # in a transaction that stays open meanwhile
                if taken == first:
                    return TAKES_AWAY.format("transaction")
                await other.rollback()
                if await _backend(resting) != first:
                    return TAKES_AWAY.format("transaction")
        except psycopg.errors.ProtocolViolation:
            return TAKES_AWAY.format("statement")
        finally:
            await other.close()
    finally:
        await resting.close()
    return None


async def _backend(connection: AsyncConnection[Any]) -> Backend:
    cursor = await connection.execute(WHO, prepare=False)
    return await cursor.fetchone()
