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

# A data-modifying WITH sees the tables as they were before the statement: `tracking_seen` is the past, `fresh` the
# news. Only the nearest days on either side of a fresh day can change their place in the chain of an entity's days.
ROLL = f"""
WITH reports AS MATERIALIZED ({REPORTS} AND e.tx > %(after)s AND e.tx <= %(upto)s/* some */),
marks AS MATERIALIZED ({MARKS}),
wanted AS MATERIALIZED (SELECT DISTINCT {KEY} FROM marks),
known AS MATERIALIZED (SELECT s.id, w.* FROM wanted w JOIN tracking_subject s USING ({KEY})),
made AS (
    INSERT INTO tracking_subject ({KEY})
    SELECT {KEY} FROM wanted w WHERE NOT EXISTS (
        SELECT 1 FROM known k WHERE ROW(k.workspace_id, k.kind, k.source_kind, k.source_id, k.message_id, k.action_id,
            k.name) = ROW(w.workspace_id, w.kind, w.source_kind, w.source_id, w.message_id, w.action_id, w.name))
    RETURNING id, {KEY}
),
facts AS MATERIALIZED (
    SELECT s.id AS subject_id, entity_id, {HOUR} AS hour, {DAY} AS day
      FROM marks JOIN (SELECT id, {KEY} FROM known UNION ALL SELECT id, {KEY} FROM made) AS s USING ({KEY})
),
counted AS (
    INSERT INTO tracking_bucket AS b (subject_id, hour, count)
    SELECT subject_id, hour, count(*) FROM facts GROUP BY 1, 2
    ON CONFLICT (subject_id, hour) DO UPDATE SET count = b.count + excluded.count
),
fresh AS (
    INSERT INTO tracking_seen (subject_id, entity_id, day) SELECT DISTINCT subject_id, entity_id, day FROM facts
    ON CONFLICT (subject_id, entity_id, day) DO NOTHING RETURNING subject_id, entity_id, day
),
near AS (
    SELECT subject_id, entity_id, day, true AS fresh FROM fresh
    UNION
    SELECT f.subject_id, f.entity_id, o.day, false FROM fresh f CROSS JOIN LATERAL (
        (SELECT s.day FROM tracking_seen s
          WHERE s.subject_id = f.subject_id AND s.entity_id = f.entity_id AND s.day < f.day
          ORDER BY s.day DESC LIMIT 1)
        UNION ALL
        (SELECT s.day FROM tracking_seen s
          WHERE s.subject_id = f.subject_id AND s.entity_id = f.entity_id AND s.day > f.day
          ORDER BY s.day LIMIT 1)
    ) AS o
),
{CHAIN}
{MERGE}
"""
