"""Walking the log: whole transactions, in order, each chunk in one transaction with the move of the watermark.

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
class Piece:
    """Part of the log: `after` < tx <= `upto`, or of these rows only those with one of `keys`."""

    after: int
    upto: int
    keys: tuple[UUID, ...] | None = None


@dataclass(frozen=True, slots=True)
class Follower:
    name: str
    work: Callable[[Piece], None]


def catch_up(followers: Sequence[Follower]) -> int:
    """A chunk of each in turn, until all have caught up or are in other hands."""
    chunks = 0
    going = list(followers)
    while going:
        going = [follower for follower in going if step(follower)]
        chunks += len(going)
    return chunks


def behind(followers: Sequence[Follower]) -> list[Follower]:
    """Those with something to do: one question for all, since mostly there is nothing."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT name FROM unnest(%s::text[]) AS f (name) LEFT JOIN tracking_watermark w ON w.follower = name
                WHERE EXISTS (SELECT 1 FROM tracking_event e WHERE e.tx > coalesce(w.tx, 0)
                                 AND e.tx < pg_snapshot_xmin(pg_current_snapshot())::text::bigint)""",
            [[follower.name for follower in followers]],
        )
        names = {row[0] for row in cursor.fetchall()}
    return [follower for follower in followers if follower.name in names]


def step(follower: Follower) -> bool:
    """One chunk. False: nothing to do, or another worker is at it."""
    with transaction.atomic():
        after = lock(follower.name, wait=False)
        upto = None if after is None else _end_of_chunk(after)
        if after is None or upto is None:
            return False
        _attempt(follower, Piece(after, upto))
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE tracking_watermark SET tx = %s, moved_at = now() WHERE follower = %s", [upto, follower.name]
            )
        return True


def lock(name: str, *, wait: bool) -> int | None:
    """The follower's watermark, locked until the transaction ends; None when it is locked by another."""
    with connection.cursor() as cursor:
        select = "SELECT tx FROM tracking_watermark WHERE follower = %s FOR UPDATE"
        cursor.execute(select if wait else select + " SKIP LOCKED", [name])
        row = cursor.fetchone()
        if row is None:
            cursor.execute(
                "INSERT INTO tracking_watermark (follower, tx, moved_at) VALUES (%s, 0, now()) ON CONFLICT DO NOTHING",
                [name],
            )
            cursor.execute(select if wait else select + " SKIP LOCKED", [name])
            row = cursor.fetchone()
    return None if row is None else int(row[0])


def hold(*names: str) -> None:
    """Keep these followers still until the transaction ends. Always in this order, so that nobody waits in a ring."""
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


def _attempt(follower: Follower, piece: Piece) -> None:
    """The chunk at once; if a row poisons it, in halves, until that row is alone and is put aside."""
    try:
        with transaction.atomic():
            follower.work(piece)
    except Exception as error:
        if passing(error):
            raise
        keys = piece.keys if piece.keys is not None else _keys(piece)
        if len(keys) == 1:
            _put_aside(follower.name, keys[0], error)
            return
        if not keys:
            raise
        middle = len(keys) // 2
        for part in (keys[:middle], keys[middle:]):
            _attempt(follower, Piece(piece.after, piece.upto, part))


def passing(error: Exception) -> bool:
    """Trouble with the database, not with a row: the whole chunk is tried again later."""
    if isinstance(error, InterfaceError):
        return True
    state = str(getattr(error.__cause__, "sqlstate", None) or "")
    if isinstance(error, OperationalError):
        return not state.startswith("54")  # a limit of the program: some value is too long
    return isinstance(error, DatabaseError) and state.startswith(OF_THE_SYSTEM)


def _keys(piece: Piece) -> tuple[UUID, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT key FROM tracking_event WHERE tx > %s AND tx <= %s ORDER BY tx, occurred_at, key",
            [piece.after, piece.upto],
        )
        return tuple(row[0] for row in cursor.fetchall())


def told(error: Exception) -> str:
    return repr(error)[:2000].replace("\0", "\ufffd")


def _put_aside(name: str, key: UUID, error: Exception) -> None:
    log.error("follower.row_put_aside", follower=name, row=str(key), error=repr(error))
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO tracking_aside (follower, workspace_id, key, error, at)
               SELECT %s, workspace_id, key, %s, now() FROM tracking_event WHERE key = %s
               ON CONFLICT (follower, workspace_id, key) DO UPDATE SET error = excluded.error, at = excluded.at""",
            [name, told(error), key],
        )
