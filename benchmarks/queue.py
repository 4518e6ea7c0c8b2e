"""Queue fetches against a bare Django view with one indexed query, under the same web server."""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

from django.db import connection

from benchmarks import servers
from benchmarks import world as worlds
from benchmarks.load import wrk
from benchmarks.rows import Row, at_least, interleaved
from benchmarks.sizes import ROUNDS, SECONDS
from benchmarks.world import World


def rows(world: World) -> Iterator[Row]:
    """`user-1` and so on have one message of the world's; every tenth gets two more, and the reference likewise."""
    for n in (2, 3):
        worlds.deliver(worlds.another(world, f"Waiting {n}"), "id %% 10 = 0")
    with connection.cursor() as cursor:
        cursor.execute(REFERENCE, [world.workspace_id])
        cursor.execute("ANALYZE")
        cursor.execute(
            "SELECT external_id, count(*) FROM messaging_person p JOIN messaging_delivery d"
            " ON d.workspace_id = p.workspace_id AND d.person_id = p.id WHERE p.workspace_id = %s GROUP BY 1",
            [world.workspace_id],
        )
        waits = cursor.fetchall()
    crowds = [
        ("nothing new", users("nothing", [f"nobody-{n}" for n in range(1, 1000)])),
        ("one waiting", users("one", [who for who, n in waits if n == 1])),
        ("three waiting", users("three", [who for who, n in waits if n == 3])),
    ]
    with servers.earshot() as ours, servers.plain_on_our_server() as plain:

        def fetch(url: str, who: Path) -> float:
            load = wrk(url, "queue.lua", seconds=SECONDS, USERS=str(who), WRITE_KEY=world.write_key)
            if load.refused:
                raise SystemExit(f"{load.refused} fetches from {url} were refused.")
            return load.per_second

        for name, who in crowds:
            value, reference = interleaved(
                ROUNDS,
                lambda who=who: fetch(f"{ours}/api/v4/users?sessionId=bench", who),
                lambda who=who: fetch(f"{plain}/queue", who),
            )
            yield at_least(f"queue fetch, {name}", "/s", value, reference, 0.5)


# Under the name that clients send, so that the bare view finds by it what ours finds.
REFERENCE = """
INSERT INTO reference_plaindelivery ("user", content)
SELECT encode(p.external_id::bytea, 'base64'), '{"steps": []}'
  FROM messaging_person p JOIN messaging_delivery d ON d.workspace_id = p.workspace_id AND d.person_id = p.id
 WHERE p.workspace_id = %s
"""


def users(name: str, ids: list[str]) -> Path:
    path = Path(os.environ["EARSHOT_DATA"]) / name
    path.write_text("\n".join(b64encode(user.encode()).decode() for user in ids) + "\n")
    return path
