"""Processing part of the log again, for who finds out late that some of it never was (a restore without `prepare`).

Nothing is counted twice: what consumers keep is kept once by key, distinct people and deliveries are sets, and the
counts by hour and day are replaced by a recount of the log.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from tracking.consumers.registry import CONSUMERS, NAMES
from tracking.consumers.runner import CHUNK, LogRange, hold
from tracking.rollups import buckets

USUAL = ("responses", "rollup", "settle")
"""People and webhooks are processed again only on demand: that would show messages, and send webhooks, late."""
EVERYTHING = 1 << 62  # above any transaction id


@transaction.atomic
def reprocess(since: datetime, names: tuple[str, ...] = USUAL) -> int:
    """Let these consumers process again all that was received since then; returns how many rows that is.

    One transaction, in which the consumers rest: killed half-way, nothing has changed.
    """
    hold(*NAMES)
    rows = 0
    for consumer in CONSUMERS:
        if consumer.name in names:
            done = 0
            for keys in _chunks(consumer.name, since):
                consumer.work(LogRange(-EVERYTHING, EVERYTHING, keys))
                done += len(keys)
            rows = max(rows, done)
    if "rollup" in names:
        buckets.recount(since)
    return rows


def _chunks(consumer: str, since: datetime) -> Iterator[tuple[UUID, ...]]:
    """Keys of what was received since then and is behind the watermark, in the order of the log."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT array_agg(key ORDER BY tx, occurred_at, key) FROM (
                 SELECT key, tx, occurred_at, (row_number() OVER (ORDER BY tx, occurred_at, key) - 1) / %s AS chunk
                   FROM tracking_event e WHERE received_at >= %s AND tx <= tracking_consumed(%s)
                    AND NOT EXISTS (SELECT 1 FROM tracking_aside x WHERE x.consumer = %s
                                       AND x.workspace_id = e.workspace_id AND x.key = e.key)) AS numbered
                GROUP BY chunk ORDER BY chunk""",
            [CHUNK, since, consumer, consumer],
        )
        found = cursor.fetchall()
    yield from (tuple(row[0]) for row in found)
