"""Consuming the log: whole transactions, in order, each chunk in one transaction with the move of the watermark.

A row is behind the horizon once every transaction that could still add one before it is over. A worker killed at any
moment has done a chunk with its watermark, or neither; a second worker finds the watermark's row locked and goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

import structlog
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction

log = structlog.get_logger()

OF_THE_SYSTEM = ("40", "42703", "42P01", "42883", "42501", "53", "57", "58", "25006")
"""SQLSTATEs that no row causes: conflicts, what is not in the schema, rights, a full disk, a stop."""
CHUNK = 20_000
"""A chunk ends with the transaction that reaches so many rows: under a second's work, while others may wait for it."""


@dataclass(frozen=True, slots=True)
class LogRange:
    """Part of the log: `after` < tx <= `upto`, or of these rows only those with one of `keys`."""

    after: int
    upto: int
    keys: tuple[UUID, ...] | None = None


@dataclass(frozen=True, slots=True)
class Consumer:
    name: str
    work: Callable[[LogRange], None]


def catch_up(consumers: Sequence[Consumer]) -> int:
    """A chunk of each in turn, until all have caught up or are in other hands."""
    chunks = 0
    going = list(consumers)
    while going:
        going = [consumer for consumer in going if step(consumer)]
        chunks += len(going)
    return chunks


def behind(consumers: Sequence[Consumer]) -> list[Consumer]:
    """Those with something to do: one question for all, since mostly there is nothing."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT name FROM unnest(%s::text[]) AS f (name) LEFT JOIN tracking_watermark w ON w.consumer = name
                WHERE EXISTS (SELECT 1 FROM tracking_event e WHERE e.tx > coalesce(w.tx, 0)
                                 AND e.tx < pg_snapshot_xmin(pg_current_snapshot())::text::bigint)""",
            [[consumer.name for consumer in consumers]],
        )
        names = {row[0] for row in cursor.fetchall()}
    return [consumer for consumer in consumers if consumer.name in names]


def step(consumer: Consumer) -> bool:
    """One chunk. False: nothing to do, or another worker is at it."""
    with transaction.atomic():
        after = lock(consumer.name, wait=False)
        upto = None if after is None else _end_of_chunk(after)
        if after is None or upto is None:
            return False
        _attempt(consumer, LogRange(after, upto))
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE tracking_watermark SET tx = %s, moved_at = now() WHERE consumer = %s", [upto, consumer.name]
            )
        return True


def lock(name: str, *, wait: bool) -> int | None:
    """The consumer's watermark, locked until the transaction ends; None when it is locked by another."""
    with connection.cursor() as cursor:
        select = "SELECT tx FROM tracking_watermark WHERE consumer = %s FOR UPDATE"
        cursor.execute(select if wait else select + " SKIP LOCKED", [name])
        row = cursor.fetchone()
        if row is None:
            cursor.execute(
                "INSERT INTO tracking_watermark (consumer, tx, moved_at) VALUES (%s, 0, now()) ON CONFLICT DO NOTHING",
                [name],
            )
            cursor.execute(select if wait else select + " SKIP LOCKED", [name])
            row = cursor.fetchone()
    return None if row is None else int(row[0])


def hold(*names: str) -> None:
    """Keep these consumers still until the transaction ends. Always in this order, so that nobody waits in a ring."""
    for name in sorted(names):
        lock(name, wait=True)


def _end_of_chunk(after: int) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT max(tx) FROM (
                SELECT tx FROM tracking_event
                 WHERE tx > %s AND tx < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
                 ORDER BY tx LIMIT %s) AS chunk""",
            [after, CHUNK],
        )
        row = cursor.fetchone()
    return None if row is None or row[0] is None else int(row[0])


def _attempt(consumer: Consumer, log_range: LogRange) -> None:
    """The chunk at once; if a row poisons it, in halves, until that row is alone and becomes a dead letter."""
    try:
        with transaction.atomic():
            consumer.work(log_range)
    except Exception as error:
        if passing(error):
            raise
        keys = log_range.keys if log_range.keys is not None else _keys(log_range)
        if len(keys) == 1:
            _record_dead_letter(consumer.name, keys[0], error)
            return
        if not keys:
            raise
        middle = len(keys) // 2
        for part in (keys[:middle], keys[middle:]):
            _attempt(consumer, LogRange(log_range.after, log_range.upto, part))


def passing(error: Exception) -> bool:
    """Trouble with the database, not with a row: the whole chunk is tried again later."""
    if isinstance(error, InterfaceError):
        return True
    state = str(getattr(error.__cause__, "sqlstate", None) or "")
    if isinstance(error, OperationalError):
        return not state.startswith("54")  # a limit of the program: some value is too long
    return isinstance(error, DatabaseError) and state.startswith(OF_THE_SYSTEM)


def _keys(log_range: LogRange) -> tuple[UUID, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT key FROM tracking_event WHERE tx > %s AND tx <= %s ORDER BY tx, occurred_at, key",
            [log_range.after, log_range.upto],
        )
        return tuple(row[0] for row in cursor.fetchall())


def told(error: Exception) -> str:
    return repr(error)[:2000].replace("\0", "\ufffd")


def _record_dead_letter(name: str, key: UUID, error: Exception) -> None:
    log.error("consumer.dead_letter", consumer=name, row=str(key), error=repr(error))
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO tracking_aside (consumer, workspace_id, key, error, at)
               SELECT %s, workspace_id, key, %s, now() FROM tracking_event WHERE key = %s
               ON CONFLICT (consumer, workspace_id, key) DO UPDATE SET error = excluded.error, at = excluded.at""",
            [name, told(error), key],
        )
