"""The engine: `tracking.rollups.fold` over a piece of the log, in one statement.

Its caller holds the lock of the `rollup` watermark, so nobody else writes these tables meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from tracking.rollups.marks import DAY, HOUR, KEY, MARKS, REPORTS


def roll(after: int, upto: int, keys: Sequence[UUID] | None = None) -> None:
    """Count the rows of the log with `after` < tx <= `upto` (or those of them with one of `keys`)."""
    some = " AND e.key = ANY(%(keys)s)" if keys is not None else ""
    with connection.cursor() as cursor:
        cursor.execute(ROLL.replace("/* some */", some), {"after": after, "upto": upto, "keys": list(keys or ())})


CHAIN = """
chain AS (
    SELECT subject_id, day, fresh, lag(day) OVER entity AS previous,
           max(day) FILTER (WHERE NOT fresh) OVER (entity ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
      FROM near WINDOW entity AS (PARTITION BY subject_id, entity_id ORDER BY day)
),
delta AS (
    SELECT subject_id, day, previous, sum(n) AS n FROM (
        SELECT subject_id, day, previous, 1 AS n FROM chain
        UNION ALL
        SELECT subject_id, day, before, -1 FROM chain WHERE NOT fresh
    ) AS moves GROUP BY 1, 2, 3 HAVING sum(n) <> 0
)
"""

MERGE = """
MERGE INTO tracking_people AS p USING delta AS d
   ON p.subject_id = d.subject_id AND p.day = d.day AND p.previous IS NOT DISTINCT FROM d.previous
 WHEN MATCHED AND p.count + d.n = 0 THEN DELETE
 WHEN MATCHED THEN UPDATE SET count = p.count + d.n
 WHEN NOT MATCHED THEN INSERT (subject_id, day, previous, count) VALUES (d.subject_id, d.day, d.previous, d.n)
"""

# Thousands of reports are of a few shapes: same message, same kind, same action. What a report says is worked out
# once for a shape (with placeholders 1 and 2 for the delivery and the person), and so are its subjects.
#
# A data-modifying WITH sees the tables as they were before it: `tracking_seen` is the past, `fresh` the news.
ROLL = f"""
WITH raw AS MATERIALIZED ({REPORTS} AND e.tx > %(after)s AND e.tx <= %(upto)s/* some */),
shaped AS MATERIALIZED (
    SELECT ROW(workspace_id, kind, source_kind, source_id, message_id, action_id, name, reason, personal) AS shape,
           {HOUR} AS hour, {DAY} AS day, delivery_id, person_id FROM raw
),
reports AS MATERIALIZED (
    SELECT DISTINCT workspace_id, kind, source_kind, source_id, message_id, action_id, name, reason, personal,
           1::bigint AS delivery_id, 2::bigint AS person_id, NULL::timestamptz AS occurred_at FROM raw
),
marks AS MATERIALIZED (
    SELECT ROW(r.workspace_id, r.kind, r.source_kind, r.source_id, r.message_id, r.action_id, r.name, r.reason,
               r.personal) AS shape, m.*
      FROM reports r CROSS JOIN LATERAL (WITH reports AS (SELECT r.*) {MARKS}) AS m
),
wanted AS MATERIALIZED (SELECT DISTINCT {KEY} FROM marks),
known AS MATERIALIZED (SELECT s.id, w.* FROM wanted w JOIN tracking_subject s USING ({KEY})),
made AS (
    INSERT INTO tracking_subject ({KEY})
    SELECT {KEY} FROM wanted w WHERE NOT EXISTS (
        SELECT 1 FROM known k WHERE ROW(k.workspace_id, k.kind, k.source_kind, k.source_id, k.message_id, k.action_id,
            k.name) = ROW(w.workspace_id, w.kind, w.source_kind, w.source_id, w.message_id, w.action_id, w.name))
    RETURNING id, {KEY}
),
subjects AS MATERIALIZED (
    SELECT shape, array_agg(s.id) FILTER (WHERE entity_id = 1) AS of_delivery,
           array_agg(s.id) FILTER (WHERE entity_id = 2) AS of_person
      FROM marks JOIN (SELECT id, {KEY} FROM known UNION ALL SELECT id, {KEY} FROM made) AS s USING ({KEY})
     GROUP BY shape
),
facts AS MATERIALIZED (
    SELECT f.subject_id, f.entity_id, r.hour, r.day
      FROM shaped r JOIN subjects s ON s.shape = r.shape CROSS JOIN LATERAL (
          SELECT unnest(s.of_delivery) AS subject_id, r.delivery_id AS entity_id
          UNION ALL SELECT unnest(s.of_person), r.person_id) AS f
),
counted AS (
    INSERT INTO tracking_bucket AS b (subject_id, hour, count)
    SELECT subject_id, hour, count(*) FROM facts GROUP BY 1, 2
    ON CONFLICT (subject_id, hour) DO UPDATE SET count = b.count + excluded.count
),
fresh AS MATERIALIZED (
    INSERT INTO tracking_seen (subject_id, entity_id, day)
    SELECT DISTINCT subject_id, entity_id, day FROM facts ORDER BY 1, 2, 3
    ON CONFLICT (subject_id, entity_id, day) DO NOTHING RETURNING subject_id, entity_id, day
),
near AS (
    SELECT subject_id, entity_id, day, true AS fresh FROM fresh
    UNION ALL
    SELECT s.subject_id, s.entity_id, s.day, false
      FROM (SELECT DISTINCT subject_id, entity_id FROM fresh) AS f JOIN tracking_seen s USING (subject_id, entity_id)
),
{CHAIN}
{MERGE}
"""
