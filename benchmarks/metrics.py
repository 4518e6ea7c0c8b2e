"""The metrics page at ten thousand, a million and ten million responses; and how the roll-up catches up with them."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from contextlib import nullcontext
from statistics import median

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks import world as worlds
from benchmarks.loader import load
from benchmarks.rows import Row, at_most, equal, under
from benchmarks.sizes import PAGES, RESPONSES
from benchmarks.world import World
from console.accounts.models import Membership, Role, User, Workspace
from tracking import consumers
from tracking.consumers.models import Watermark

FEW, MANY = 10_000, 1_000_000
TABLES = {
    "log": "tracking_event",
    "seen": "tracking_seen",
    "hours, days and people": "tracking_bucket tracking_daybucket tracking_people tracking_subject",
}


def rows(world: World) -> Iterator[Row]:
    mark_all_followed()
    sources = {
        size: worlds.another(world, f"{size:,} responses") for size in sorted({FEW, min(MANY, RESPONSES), RESPONSES})
    }
    before = sizes()
    for size, source in sources.items():
        load(source, size, people=max(size // 5, 1))
    loaded = sum(sources)
    start = time.perf_counter()
    consumers.catch_up([one for one in consumers.CONSUMERS if one.name == "rollup"])
    rate = loaded / (time.perf_counter() - start)
    yield Row("roll-up, catching up", rate, "/s", note=f"{loaded:,} responses, by the consumer, watermark and all")
    for name, size_ in sizes().items():
        yield Row(f"size on disk, {name}, with indexes", (size_ - before[name]) / loaded, "bytes a response")
    yield from pages(world, sources)


def pages(world: World, sources: dict[int, World]) -> Iterator[Row]:
    client = member(world)
    gc.collect()
    gc.freeze()  # as the web server does once it is loaded, see console.asgi
    seconds: dict[int, list[float]] = {size: [] for size in sources}
    queries: dict[int, int] = {}
    for turn in range(PAGES + 1):
        for size, source in sources.items():
            with CaptureQueriesContext(connection) if turn == 0 else nullcontext(()) as asked:
                took = look(client, source, size)
            if turn == 0:  # which also warms the caches
                queries[size] = len(asked)
            else:
                seconds[size].append(took)
    few, most = median(seconds[FEW]), median(seconds[RESPONSES])
    for size, found in seconds.items():
        if size >= MANY or size == RESPONSES:
            yield under(f"metrics page, {size:,} responses", "s", median(found), 0.05, "server time, in the process")
    yield at_most(f"metrics page, {RESPONSES:,} against {FEW:,}", "s", most, few, 1.5)
    yield equal(f"metrics page, queries at {RESPONSES:,} and {FEW:,}", "queries", queries[RESPONSES], queries[FEW])


def look(client: Client, source: World, size: int) -> float:
    start = time.perf_counter()
    page = client.get(f"/w/bench/broadcasts/{source.source_id}/metrics/?range=all")
    took = time.perf_counter() - start
    if page.status_code != 200 or f"{size:,}" not in page.content.decode():
        raise SystemExit(f"The page answered {page.status_code}, or did not show {size:,} responses.")
    return took


def member(world: World) -> Client:
    user = User.objects.create(email="bench@example.org")
    Membership.objects.create(workspace=Workspace.objects.get(pk=world.workspace_id), user=user, role=Role.VIEWER)
    client = Client()
    client.force_login(user)
    return client


def mark_all_followed() -> None:
    """What other benchmarks left in the log is not to be counted here."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(tx), 0) FROM tracking_event")
        Watermark.objects.update_or_create(consumer="rollup", defaults={"tx": cursor.fetchone()[0]})


def sizes() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, sum(pg_total_relation_size(part)) FROM unnest(%s::text[], %s::text[]) AS of_(name, parts),"
            " string_to_table(parts, ' ') AS part GROUP BY name",
            [list(TABLES), list(TABLES.values())],
        )
        return {name: int(size) for name, size in cursor.fetchall()}
