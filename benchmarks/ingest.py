"""Ingest over HTTP, committed: one report a POST against a plain DRF view; batches against `INSERT ... unnest`."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count

import psycopg
from django.conf import settings
from django.db import connection

from benchmarks import servers
from benchmarks.load import Load, wrk
from benchmarks.rows import Row, at_least, interleaved
from benchmarks.sizes import ROUNDS, SECONDS
from benchmarks.world import World

BATCH = 100


def rows(world: World) -> Iterator[Row]:
    with servers.earshot() as ours, servers.plain() as plain:
        last: dict[str, Load] = {}
        notes: list[str] = []

        def single() -> float:
            before = logged()
            last["single"] = load = report(ours, "/v1/t", world, batch=1)
            notes.append(reconciled(logged() - before, load.requests))
            return load.per_second

        def reference() -> float:
            load = report(plain, "/track", world, batch=1)
            return load.per_second

        value, plain_value = interleaved(ROUNDS, single, reference)
        note = f"p50 {last['single'].p50_ms:.1f} ms, p99 {last['single'].p99_ms:.1f} ms; {notes[-1]}"
        yield at_least("ingest, one report a POST, 32 connections", "/s", value, plain_value, 15, note)

        def batches() -> float:
            before = logged()
            last["batch"] = load = report(ours, "/v1/b", world, batch=BATCH, connections=8)
            notes.append(reconciled(logged() - before, load.requests * BATCH))
            return load.per_second * BATCH

        value, unnest_value = interleaved(ROUNDS, batches, unnest)
        note = f"p50 {last['batch'].p50_ms:.1f} ms; {notes[-1]}"
        yield at_least("ingest, batches of 100, 8 connections", "items/s", value, unnest_value, 0.5, note)


def report(url: str, path: str, world: World, *, batch: int, connections: int = 32) -> Load:
    load = wrk(
        url + path,
        "reports.lua",
        seconds=SECONDS,
        connections=connections,
        TOKENS=str(world.tokens),
        WRITE_KEY=world.write_key,
        BATCH=str(batch),
        RUN=uuid.uuid4().hex,
    )
    if load.refused:
        raise SystemExit(f"{load.refused} requests to {path} were refused; the figure would be worth nothing.")
    return load


def logged() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM tracking_event")
        return int(cursor.fetchone()[0])


def reconciled(found: int, acknowledged: int) -> str:
    """Rows in the log against acknowledgements; what was under way when the load ended may be there unacknowledged."""
    if found < acknowledged:
        raise SystemExit(f"LOST: {acknowledged} acknowledged, {found} in the log.")
    return f"acknowledged {acknowledged}, logged {found}"


def unnest() -> float:
    """Items a second by multi-row `INSERT ... unnest` of 100 into the same table, one commit each, one connection."""
    keys = (uuid.uuid4() for _ in count())
    now = datetime.now(UTC)
    done = 0
    with psycopg.connect(**connection_parameters(), autocommit=True) as line:
        start = time.perf_counter()
        while (elapsed := time.perf_counter() - start) < SECONDS:
            line.execute(INSERT, [[next(keys) for _ in range(BATCH)], [now] * BATCH, ["Count me in"] * BATCH])
            done += BATCH
    return done / elapsed


INSERT = """
INSERT INTO tracking_event (workspace_id, key, kind, occurred_at, clamped, name, person_id, delivery_id, snapshot_id,
    source_kind, source_id, message_id, action_id, value, test, personal, payload)
SELECT 0, key, 8, at, false, name, 1, 1, 1, 1, 1, 1, 'yes', '', false, false, '{"metric": "clicked"}'::jsonb
FROM unnest(%s::uuid[], %s::timestamptz[], %s::text[]) AS item (key, at, name)
ON CONFLICT DO NOTHING
"""


def connection_parameters() -> dict[str, object]:
    database = settings.DATABASES["default"]
    return {
        key: value
        for key, value in {
            "dbname": database["NAME"],
            "user": database["USER"],
            "password": database["PASSWORD"],
            "host": database["HOST"] or database.get("OPTIONS", {}).get("host"),
            "port": database["PORT"],
        }.items()
        if value
    }
