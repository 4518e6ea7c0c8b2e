"""Deliveries of the future, made while the server's clock was ahead, are brought back to the present.

They would else be the newest for as long as the clock was wrong, and be kept by so much too long.
"""

from __future__ import annotations

from django.db import connection, transaction

AT_ONCE = 20_000  # rows, each lot in a transaction of its own

# The steps of a delivery keep their order, what waits keeps its lifetime from now on, and the counts by hour follow.
CLAMP = """
WITH ahead AS MATERIALIZED (
    SELECT workspace_id, person_id, id, source_kind, source_id, message_id, test,
           date_trunc('hour', created_at, 'UTC') AS hour,
           date_trunc('hour', least(created_at, now()), 'UTC') AS present
      FROM messaging_delivery WHERE workspace_id = %(workspace)s
       AND greatest(created_at, opened_at, clicked_at, dismissed_at, left_queue_at) > now() + interval '5 minutes'
     LIMIT %(limit)s FOR UPDATE
), clamped AS (
    UPDATE messaging_delivery d SET created_at = least(d.created_at, now()), opened_at = least(d.opened_at, now()),
           clicked_at = least(d.clicked_at, now()), dismissed_at = least(d.dismissed_at, now()),
           left_queue_at = least(d.left_queue_at, now()),
           expires_at = CASE WHEN d.created_at > now() THEN now() + (d.expires_at - d.created_at) ELSE d.expires_at END
      FROM ahead
     WHERE d.workspace_id = ahead.workspace_id AND d.person_id = ahead.person_id AND d.id = ahead.id
), moved AS (
    SELECT source_kind, source_id, message_id, hour, present, count(*) AS n FROM ahead
     WHERE NOT test AND hour <> present GROUP BY 1, 2, 3, 4, 5
), fewer AS (
    UPDATE messaging_sendcount c SET count = c.count - moved.n FROM moved
     WHERE c.workspace_id = %(workspace)s AND c.source_kind = moved.source_kind AND c.source_id = moved.source_id
       AND c.message_id = moved.message_id AND c.hour = moved.hour
), more AS (
    INSERT INTO messaging_sendcount AS c (workspace_id, source_kind, source_id, message_id, hour, count)
    SELECT %(workspace)s, source_kind, source_id, message_id, present, sum(n) FROM moved GROUP BY 1, 2, 3, 4, 5
    ON CONFLICT (workspace_id, source_kind, source_id, message_id, hour) DO UPDATE SET count = c.count + excluded.count
)
SELECT count(*) FROM ahead
"""


def clamp(workspace_id: int) -> int:
    """Bring what is more than five minutes ahead of now back to now; returns how many deliveries that were."""
    total = 0
    while True:
        clamped = _clamp_some(workspace_id)
        total += clamped
        if clamped < AT_ONCE:
            return total


@transaction.atomic
def _clamp_some(workspace_id: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(CLAMP, {"workspace": workspace_id, "limit": AT_ONCE})
        clamped = int(cursor.fetchone()[0])
        if clamped:
            cursor.execute("DELETE FROM messaging_sendcount WHERE workspace_id = %s AND count <= 0", [workspace_id])
    return clamped
