"""Queue fetches against a bare Django view with one indexed query, under the same web server."""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

from django.db import connection

from benchmarks import servers
from benchmarks.load import wrk
from benchmarks.rows import Row, at_least, interleaved
from benchmarks.world import World

SECONDS = 4
ROUNDS = 3


def rows(world: World) -> Iterator[Row]:
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO reference_plaindelivery ("user", content)'
            " SELECT external_id, '{\"steps\": []}' FROM messaging_person WHERE workspace_id = %s",
            [world.workspace_id],
        )
        cursor.execute("ANALYZE")
    waiting = users("waiting", [f"user-{n}" for n in range(1, 1000)])
    nothing = users("nothing", [f"nobody-{n}" for n in range(1, 1000)])
    with servers.earshot() as ours, servers.plain_on_our_server() as plain:

        def fetch(url: str, who: Path) -> float:
            load = wrk(url, "queue.lua", seconds=SECONDS, USERS=str(who), WRITE_KEY=world.write_key)
            if load.refused:
                raise SystemExit(f"{load.refused} fetches from {url} were refused.")
            return load.per_second

        for name, who in [("nothing new", nothing), ("one waiting", waiting)]:
            value, reference = interleaved(
                ROUNDS,
                lambda who=who: fetch(f"{ours}/api/v4/users?sessionId=bench", who),
                lambda who=who: fetch(f"{plain}/queue", who),
            )
            yield at_least(f"queue fetch, {name}", "/s", value, reference, 0.5)


def users(name: str, ids: list[str]) -> Path:
    path = Path(os.environ["EARSHOT_DATA"]) / name
    path.write_text("\n".join(b64encode(user.encode()).decode() for user in ids) + "\n")
    return path
