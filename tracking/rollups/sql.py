"""The engine: `tracking.rollups.fold` over a piece of the log, in two statements: name what is new, then count.

Its caller holds the lock of the `rollup` watermark, so nobody else writes these tables meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from tracking.rollups.marks import DAY_OF_HOUR, ENTITY, HOUR, KEY, MARKS, NUMBER, OF_PEOPLE, REPORTS, SUBJECT, date_of


def roll(after: int, upto: int, keys: Sequence[UUID] | None = None) -> None:
    """Count the rows of the log with `after` < tx <= `upto` (or those of them with one of `keys`)."""
    some = " AND e.key = ANY(%(keys)s)" if keys is not None else ""
    scope: dict[str, Any] = {"after": after, "upto": upto, "keys": list(keys or ())}
    with connection.cursor() as cursor:
        cursor.execute(TUNE)
        cursor.execute(NAME.replace("/* some */", some), scope)
        cursor.execute(ROLL.replace("/* some */", some), scope)


# Until the transaction ends. A piece touches few rows of large tables, whatever the planner thinks of it.
TUNE = """
SELECT set_config('work_mem', '32MB', true), set_config('jit', 'off', true), set_config('enable_seqscan', 'off', true)
"""

MERGE = """
MERGE INTO tracking_people AS p USING delta AS d
   ON p.subject_id = d.subject_id AND p.day = d.day AND p.previous IS NOT DISTINCT FROM d.previous
 WHEN MATCHED AND p.count + d.n = 0 THEN DELETE
 WHEN MATCHED THEN UPDATE SET count = p.count + d.n
 WHEN NOT MATCHED THEN INSERT (subject_id, day, previous, count) VALUES (d.subject_id, d.day, d.previous, d.n)
"""

DELTA = f"""
delta AS (
    SELECT {SUBJECT} AS subject_id, {date_of("mark")} AS day, {date_of("previous")} AS previous, n FROM (
        SELECT mark, CASE WHEN previous >> 16 = mark >> 16 THEN previous END AS previous, sum(n) AS n
          FROM moves GROUP BY 1, 2 HAVING sum(n) <> 0
    ) AS moved
)
"""
"""Of `moves`, how often a mark now has (n > 0) or no longer has (n < 0) another one before it, of any subject."""

# Thousands of reports are of a few shapes: same message, same kind, same action. What a report says is worked out
# once for a shape (with 0 and 1 for the delivery and the person), and so are its subjects.
SHAPE = "workspace_id, kind, source_kind, source_id, message_id, action_id, name, reason, personal"
PIECE = f"({REPORTS} AND e.tx > %(after)s AND e.tx <= %(upto)s/* some */) AS piece"
SAME = " AND ".join(f"s.{column} = m.{column}" for column in KEY.split(", "))

NAME = f"""
WITH reports AS (
    SELECT DISTINCT {SHAPE}, 0::bigint AS delivery_id, 1::bigint AS person_id, NULL::timestamptz AS occurred_at
      FROM {PIECE}
)
INSERT INTO tracking_subject ({KEY})
SELECT DISTINCT {KEY} FROM ({MARKS}) AS m WHERE NOT EXISTS (SELECT 1 FROM tracking_subject s WHERE {SAME})
"""

# No step joins two sets whose sizes the planner would have to guess: a wrong guess makes it compare all with all. What
# belongs together travels in arrays, and tables are looked into row by row (OFFSET 0 keeps that from becoming a join).
#
# A data-modifying WITH sees the tables as they were before it: `tracking_seen` is the past, `news` the present. A
# mark's neighbours in the past are found by bisection; `chain` has the neighbours among the marks of the same piece.
ROLL = f"""
WITH shapes AS MATERIALIZED (
    SELECT r.workspace_id, r.times, r.deliveries, r.people, s.*
      FROM (SELECT {SHAPE}, array_agg(occurred_at) AS times, array_agg(delivery_id) AS deliveries,
                   array_agg(person_id) AS people FROM {PIECE} GROUP BY {SHAPE}) AS r
      CROSS JOIN LATERAL (
          SELECT min(id) FILTER (WHERE kind = 1) AS place_id, array_agg(id) AS subjects,
                 array_agg((id::bigint << 17) + (entity_id << 16)) AS marks
            FROM (WITH reports AS (SELECT r.*, 0::bigint AS delivery_id, 1::bigint AS person_id,
                                          NULL::timestamptz AS occurred_at) {MARKS}) AS m
            CROSS JOIN LATERAL (SELECT s.id FROM tracking_subject s WHERE {SAME} OFFSET 0) AS s) AS s
),
facts AS MATERIALIZED (
    SELECT workspace_id, person_id, place_id, delivery_id, subjects, marks, {HOUR} AS hour, {NUMBER} AS day
      FROM shapes CROSS JOIN LATERAL unnest(times, deliveries, people) AS r (occurred_at, delivery_id, person_id)
),
hours AS MATERIALIZED (
    SELECT subject_id, hour, sum(n) AS n FROM (SELECT subjects, hour, count(*) AS n FROM facts GROUP BY 1, 2) AS f
      CROSS JOIN LATERAL unnest(subjects) AS subject_id GROUP BY 1, 2
),
counted AS (
    INSERT INTO tracking_bucket AS b (subject_id, hour, count) SELECT subject_id, hour, n FROM hours
    ON CONFLICT (subject_id, hour) DO UPDATE SET count = b.count + excluded.count
),
counted_by_day AS (
    INSERT INTO tracking_daybucket AS b (subject_id, day, count)
    SELECT subject_id, {DAY_OF_HOUR}, sum(n) FROM hours GROUP BY 1, 2
    ON CONFLICT (subject_id, day) DO UPDATE SET count = b.count + excluded.count
),
news AS MATERIALIZED (
    SELECT workspace_id, person_id, place_id, delivery_id, array_agg(mark + day) AS marks
      FROM facts CROSS JOIN LATERAL unnest(marks) AS mark GROUP BY 1, 2, 3, 4
),
touched AS MATERIALIZED (
    SELECT n.*, mine.at, mine.marks AS of_delivery,
           CASE WHEN others.marks IS NULL THEN mine.marks
                ELSE ARRAY(SELECT unnest(mine.marks || others.marks) AS mark ORDER BY mark) END AS of_person
      FROM news n
      LEFT JOIN LATERAL (
          SELECT s.ctid AS at, s.marks FROM tracking_seen s
           WHERE s.workspace_id = n.workspace_id AND s.person_id = n.person_id AND s.place_id = n.place_id
             AND s.delivery_id = n.delivery_id OFFSET 0) AS mine ON true
      CROSS JOIN LATERAL (
          SELECT array_agg(mark) AS marks FROM tracking_seen s CROSS JOIN LATERAL unnest(s.marks) AS mark
           WHERE s.workspace_id = n.workspace_id AND s.person_id = n.person_id AND s.place_id = n.place_id
             AND s.delivery_id <> n.delivery_id) AS others
     WHERE mine.at IS NULL OR NOT mine.marks @> n.marks
),
grown AS (
    UPDATE tracking_seen s SET marks = ARRAY(SELECT DISTINCT unnest(s.marks || t.marks) AS mark ORDER BY mark)
      FROM touched t WHERE s.ctid = t.at
),
begun AS (
    INSERT INTO tracking_seen (workspace_id, person_id, place_id, delivery_id, marks)
    SELECT workspace_id, person_id, place_id, delivery_id, ARRAY(SELECT DISTINCT unnest(marks) AS mark ORDER BY mark)
      FROM touched WHERE at IS NULL
),
fresh AS (
    SELECT DISTINCT ON (entity, mark) entity, mark, past[at] AS before, past[at + 1] AS next
      FROM (SELECT entity, mark, past, width_bucket(mark, past) AS at FROM (
                SELECT {ENTITY} AS entity, mark, CASE WHEN {OF_PEOPLE} THEN of_person ELSE of_delivery END AS past
                  FROM touched CROSS JOIN LATERAL unnest(marks) AS mark OFFSET 0) AS said OFFSET 0) AS placed
     WHERE past[at] IS DISTINCT FROM mark ORDER BY entity, mark
),
chain AS (
    SELECT mark, before, CASE WHEN next >> 16 = mark >> 16 THEN next END AS next,
           lag(mark) OVER entity AS last, lead(mark) OVER entity AS coming
      FROM fresh WINDOW entity AS (PARTITION BY entity ORDER BY mark)
),
moves AS (
    SELECT mark, greatest(before, last) AS previous, 1 AS n FROM chain
    UNION ALL
    SELECT next, before, -1 FROM chain WHERE next IS NOT NULL AND (coming > next) IS NOT FALSE
    UNION ALL
    SELECT next, mark, 1 FROM chain WHERE next IS NOT NULL AND (coming > next) IS NOT FALSE
),
{DELTA}
{MERGE}
"""
