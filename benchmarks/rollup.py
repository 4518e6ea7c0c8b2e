"""The roll-up's catch-up rate against the same GROUP BY over the raw rows, once; and its size on disk."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

from django.db import connection, transaction

from benchmarks.loader import load
from benchmarks.rows import Row, at_least, interleaved
from benchmarks.world import World
from tracking.rollups import sql
from tracking.rollups.marks import HOUR, KEY, MARKS, REPORTS

EVENTS = int(os.environ.get("BENCH_EVENTS", "500000"))
ROUNDS = 3
COUNTS = "tracking_subject, tracking_bucket, tracking_seen, tracking_people"


def rows(world: World) -> Iterator[Row]:
    load(world, EVENTS, people=EVENTS // 5)
    folded, grouped = interleaved(ROUNDS, fold, group)
    yield at_least("roll-up, reports folded", "/s", folded, grouped, 0.3, f"{EVENTS:,} reports, 5 a person, 30 days")
    with connection.cursor() as cursor:
        for name, table in [("log", "tracking_event"), ("seen", "tracking_seen"), ("people", "tracking_people")]:
            cursor.execute("SELECT pg_total_relation_size(%s)", [table])
            size = cursor.fetchone()[0] / EVENTS
            yield Row(f"size on disk, {name}, with indexes", size, "bytes a report")


def fold() -> float:
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {COUNTS}")
        cursor.execute("SELECT DISTINCT tx FROM tracking_event WHERE tx > 0 ORDER BY tx")
        pieces = [tx for [tx] in cursor.fetchall()]
    start, after = time.perf_counter(), 0
    for tx in pieces:
        with transaction.atomic():
            sql.roll(after, tx)
        after = tx
    return EVENTS / (time.perf_counter() - start)


def group() -> float:
    with connection.cursor() as cursor:
        start = time.perf_counter()
        cursor.execute(GROUP)
        cursor.fetchall()
        return EVENTS / (time.perf_counter() - start)


GROUP = f"""
WITH reports AS ({REPORTS}), marks AS ({MARKS})
SELECT {KEY}, {HOUR}, count(*), count(DISTINCT entity_id) FROM marks GROUP BY {KEY}, {HOUR}
"""
