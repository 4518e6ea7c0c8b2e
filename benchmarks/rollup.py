"""The roll-up's catch-up rate against the same GROUP BY over the raw rows, once, and against ingest in batches."""

from __future__ import annotations

import time
from collections.abc import Iterator

from django.db import connection, transaction

from benchmarks import servers
from benchmarks import world as worlds
from benchmarks.ingest import BATCH, logged, report
from benchmarks.loader import load
from benchmarks.rows import Row, at_least, interleaved
from benchmarks.sizes import EVENTS, ROUNDS
from benchmarks.world import World
from tracking import consumers
from tracking.consumers.models import Watermark
from tracking.consumers.runner import CHUNK
from tracking.rollups import sql
from tracking.rollups.marks import HOUR, KEY, MARKS, REPORTS

CROWD = 50_000
COUNTS = "tracking_subject, tracking_bucket, tracking_daybucket, tracking_seen, tracking_people"


def rows(world: World) -> Iterator[Row]:
    before = last()
    load(world, EVENTS, people=EVENTS // 5, together=CHUNK)
    upto = last()
    folded, grouped = interleaved(ROUNDS, lambda: fold(before, upto), lambda: group(before, upto))
    note = f"{EVENTS:,} reports, 5 a person, 30 days in random order"
    yield at_least("roll-up, reports folded", "/s", folded, grouped, 0.3, note)
    yield from against_ingest(crowd(world))


def against_ingest(world: World) -> Iterator[Row]:
    """What a few seconds of ingest in batches brought in, followed afterwards: does the consumer keep up?"""
    came: list[int] = []
    with servers.earshot() as ours:

        def ingest() -> float:
            Watermark.objects.update_or_create(consumer="rollup", defaults={"tx": last()})
            before = logged()
            rate = report(ours, "/v1/b", world, batch=BATCH, connections=8).per_second * BATCH
            came.append(logged() - before)
            return rate

        def follow() -> float:
            start = time.perf_counter()
            consumers.catch_up([one for one in consumers.CONSUMERS if one.name == "rollup"])
            return came[-1] / (time.perf_counter() - start)

        ingested, followed = interleaved(ROUNDS, ingest, follow)
    note = f"the {came[-1]:,} reports that came in, of {CROWD:,} people"
    yield at_least("roll-up, against ingest in batches", "/s", followed, ingested, 1, note)


def crowd(world: World) -> World:
    """A broadcast to more people than those of the world."""
    source = worlds.another(world, "Crowd")
    worlds.make_people(world.workspace_id, CROWD)
    worlds.deliver(source)
    worlds.write_tokens(source)
    return source


def last() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(tx), 0) FROM tracking_event")
        return int(cursor.fetchone()[0])


def fold(before: int, upto: int) -> float:
    """Into empty tables, a piece of the log as large as a consumer takes at a time."""
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
