"""Millions of reports straight into the log, as the line would have written them."""

from __future__ import annotations

from django.db import connection

from benchmarks.world import ACTIONS, World


def load(world: World, count: int, *, people: int, together: int = 100_000) -> None:
    """`count` taps by `people` people, over 30 days and all actions, so many `together` in a transaction."""
    with connection.cursor() as cursor:
        for start in range(0, count, together):
            cursor.execute(
                INSERT,
                [
                    world.workspace_id,
                    people,
                    people,
                    world.snapshot_id,
                    world.source_id,
                    world.message_id,
                    start,
                    min(start + together, count) - 1,
                    ACTIONS,
                ],
            )
        cursor.execute("ANALYZE tracking_event")


INSERT = """
INSERT INTO tracking_event (workspace_id, key, kind, occurred_at, clamped, name, person_id, delivery_id, snapshot_id,
    source_kind, source_id, message_id, action_id, value, test, personal)
SELECT %s, gen_random_uuid(), 8, now() - random() * interval '30 days', false,
    CASE WHEN n.a = 0 THEN 'Count me in' ELSE 'Answer ' || n.a END, 1 + n.p %% %s, 1 + n.p %% %s, %s, 1, %s, %s,
    CASE WHEN n.a = 0 THEN 'yes' ELSE 'a' || n.a END, '', false, false
FROM (
    SELECT n, (hashint8(n)::bigint & 2147483647) AS p, (hashint8(n + 77) & 2147483647) %% actions AS a
    FROM generate_series(%s, %s) n, (SELECT %s AS actions) k
) n
"""
