"""The roll-up's catch-up rate against the same GROUP BY over the raw rows, once, and against ingest in batches."""

from __future__ import annotations

import time
from collections.abc import Iterator

from django.db import connection, transaction

from benchmarks import servers
from benchmarks.ingest import BATCH, report
from benchmarks.loader import load
from benchmarks.rows import Row, at_least, interleaved
from benchmarks.sizes import EVENTS, ROUNDS
from benchmarks.world import World
from tracking.rollups import sql
from tracking.rollups.marks import HOUR, KEY, MARKS, REPORTS
from tracking.services.followers.walk import CHUNK

COUNTS = "tracking_subject, tracking_bucket, tracking_seen, tracking_people"


def rows(world: World) -> Iterator[Row]:
    before = last()
    load(world, EVENTS, people=EVENTS // 5, together=CHUNK)
    upto = last()
    with servers.earshot() as ours:

        def ingest() -> float:
            """Items a second; they are logged behind what is folded and grouped here."""
            return report(ours, "/v1/b", world, batch=BATCH, connections=8).per_second * BATCH

        runs = (lambda: fold(before, upto), lambda: group(before, upto), ingest)
        folded, grouped, ingested = interleaved(ROUNDS, *runs)
    note = f"{EVENTS:,} reports, 5 a person, 30 days"
    yield at_least("roll-up, reports folded", "/s", folded, grouped, 0.3, note)
    yield at_least("roll-up, against ingest in batches", "/s", folded, ingested, 1, "each alone, in turn")


def last() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(tx), 0) FROM tracking_event")
        return int(cursor.fetchone()[0])


def fold(before: int, upto: int) -> float:
    """Into empty tables, a piece of the log as large as a follower takes at a time."""
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {COUNTS}")
        cursor.execute("SELECT DISTINCT tx FROM tracking_event WHERE tx > %s AND tx <= %s ORDER BY tx", [before, upto])
        pieces = [tx for [tx] in cursor.fetchall()]
    start, after = time.perf_counter(), before
    for tx in pieces:
        with transaction.atomic():
            sql.roll(after, tx)
        after = tx
    return EVENTS / (time.perf_counter() - start)


def group(before: int, upto: int) -> float:
    with connection.cursor() as cursor:
        start = time.perf_counter()
        cursor.execute(GROUP, [before, upto])
        cursor.fetchall()
        return EVENTS / (time.perf_counter() - start)


GROUP = f"""
WITH reports AS ({REPORTS} AND e.tx > %s AND e.tx <= %s), marks AS ({MARKS})
SELECT {KEY}, {HOUR}, count(*), count(DISTINCT entity_id) FROM marks GROUP BY {KEY}, {HOUR}
"""
