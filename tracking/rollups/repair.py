"""The counts set right when the past changes: two people turn out to be one, one is erased, the oldest days go.

Its caller holds the watermarks of `rollup` and `responses`. Each repair leaves what a recount of the log would find.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import connection

from messaging.public import Merge
from tracking.rollups.marks import DAY, ENTITY, HOUR, KEY, MARKS, OF_PEOPLE, REPORTS
from tracking.rollups.sql import DELTA
from tracking.rollups.sql import MERGE as INTO_PEOPLE


def merge(merges: Sequence[Merge]) -> None:
    """Whoever is gone is counted as whoever is kept, in the past too."""
    for workspace_id, pairs in _final(merges).items():
        _run(MERGED, {"workspace": workspace_id, "gone": list(pairs), "kept": list(pairs.values())})


def erase(workspace_id: int, people: Sequence[int], user_ids: Sequence[str], anonymous_ids: Sequence[str]) -> int:
    """Take these people out of the log, the responses, the counts and the inbox; returns how many log rows went.

    A person comes with all who were merged into them: what they said is kept under whom they became.
    """
    scope: dict[str, Any] = {
        "workspace": workspace_id,
        "people": list(people),
        "users": list(user_ids),
        "anonymous": list(anonymous_ids),
    }
    *first, last = ERASED
    _run(first, scope)
    return _run([last], scope)


def prune(workspace_id: int, before: date) -> int:
    """Forget the UTC days before this one; returns how many log rows went."""
    scope = {"workspace": workspace_id, "before": before}
    *first, last = PRUNED
    _run(first, scope)
    return _run([last], scope)


def _final(merges: Sequence[Merge]) -> dict[int, dict[int, int]]:
    """workspace -> gone -> whoever they are in the end, chains followed."""
    pairs: dict[int, dict[int, int]] = {}
    for one in merges:
        known = pairs.setdefault(one.workspace_id, {})
        kept = known.get(one.kept, one.kept)
        for gone, now in known.items():
            if now == one.gone:
                known[gone] = kept
        known[one.gone] = kept
    return pairs


def _run(statements: Sequence[str], scope: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, scope)
        return int(cursor.rowcount)


NEWS = "SELECT gone, kept FROM unnest(%(gone)s::bigint[], %(kept)s::bigint[]) AS n (gone, kept)"

# Deliveries stay what they are, whosever they are: only what is counted of people moves.
MERGED = (
    f"""
WITH news AS ({NEWS}),
gone AS (
    SELECT s.place_id, s.person_id, n.kept, s.marks
      FROM news n JOIN tracking_seen s ON s.workspace_id = %(workspace)s AND s.person_id = n.gone
),
kept AS (
    SELECT s.person_id, s.marks FROM (SELECT DISTINCT place_id, kept FROM gone) AS g
      JOIN tracking_seen s ON s.workspace_id = %(workspace)s AND s.person_id = g.kept AND s.place_id = g.place_id
),
old AS (
    SELECT DISTINCT person_id, kept, mark FROM (
        SELECT person_id, kept, marks FROM gone UNION ALL SELECT person_id, person_id, marks FROM kept
    ) AS both_parts CROSS JOIN LATERAL unnest(marks) AS mark WHERE {OF_PEOPLE}
),
moves AS (
    SELECT mark, lag(mark) OVER (PARTITION BY person_id ORDER BY mark) AS previous, -1 AS n FROM old
    UNION ALL
    SELECT mark, lag(mark) OVER (PARTITION BY kept ORDER BY mark), 1 FROM (SELECT DISTINCT kept, mark FROM old) AS one
),
{DELTA}
{INTO_PEOPLE}
""",
    f"""
UPDATE tracking_seen s SET person_id = n.kept FROM ({NEWS}) AS n
 WHERE s.workspace_id = %(workspace)s AND s.person_id = n.gone
""",
    f"""
UPDATE tracking_response r SET person_id = n.kept FROM ({NEWS}) AS n
 WHERE r.workspace_id = %(workspace)s AND r.person_id = n.gone
""",
    f"""
UPDATE tracking_merged m SET kept = n.kept FROM ({NEWS}) AS n
 WHERE m.workspace_id = %(workspace)s AND m.kept = n.gone
""",
    f"""
INSERT INTO tracking_merged (workspace_id, gone, kept) SELECT %(workspace)s, gone, kept FROM ({NEWS}) AS n
ON CONFLICT (workspace_id, gone) DO UPDATE SET kept = excluded.kept
""",
)

EMPTY_SUBJECTS = """
DELETE FROM tracking_subject s WHERE s.workspace_id = %(workspace)s
   AND NOT EXISTS (SELECT 1 FROM tracking_bucket b WHERE b.subject_id = s.id)
"""


def _less(table: str, column: str, moment: str) -> str:
    """SQL: what these people said, as far as it was counted, is counted no more."""
    return f"""
WITH reports AS MATERIALIZED ({REPORTS} AND e.workspace_id = %(workspace)s AND e.person_id = ANY(%(people)s)
    AND e.tx <= tracking_consumed('rollup')
    AND NOT EXISTS (SELECT 1 FROM tracking_aside x
                     WHERE x.consumer = 'rollup' AND x.workspace_id = e.workspace_id AND x.key = e.key))
MERGE INTO {table} AS b USING (
    SELECT s.id AS subject_id, {moment} AS {column}, count(*) AS n
      FROM ({MARKS}) AS marks JOIN tracking_subject s USING ({KEY}) GROUP BY 1, 2) AS f
   ON b.subject_id = f.subject_id AND b.{column} = f.{column}
 WHEN MATCHED AND b.count = f.n THEN DELETE
 WHEN MATCHED THEN UPDATE SET count = b.count - f.n
"""


ERASED = (
    f"""
WITH cleared AS (
    DELETE FROM tracking_seen WHERE workspace_id = %(workspace)s AND person_id = ANY(%(people)s)
    RETURNING person_id, delivery_id, marks
),
old AS (SELECT DISTINCT {ENTITY} AS entity, mark FROM cleared CROSS JOIN LATERAL unnest(marks) AS mark),
moves AS (SELECT mark, lag(mark) OVER (PARTITION BY entity ORDER BY mark) AS previous, -1 AS n FROM old),
{DELTA}
{INTO_PEOPLE}
""",
    _less("tracking_bucket", "hour", HOUR),
    _less("tracking_daybucket", "day", DAY),
    EMPTY_SUBJECTS,
    "DELETE FROM tracking_response WHERE workspace_id = %(workspace)s AND person_id = ANY(%(people)s)",
    "DELETE FROM tracking_webhookdelivery WHERE workspace_id = %(workspace)s AND person_id = ANY(%(people)s)",
    "DELETE FROM tracking_merged WHERE workspace_id = %(workspace)s AND kept = ANY(%(people)s)",
    """
INSERT INTO tracking_erased (workspace_id, person_id, at) SELECT %(workspace)s, unnest(%(people)s::bigint[]), now()
ON CONFLICT (workspace_id, person_id) DO NOTHING
""",
    """
DELETE FROM tracking_rejection WHERE workspace_id = %(workspace)s
   AND (item ->> 'userId' = ANY(%(users)s::text[]) OR item ->> 'anonymousId' = ANY(%(anonymous)s::text[]))
""",
    # Reports of other people's deliveries from a shared device stay, without the name.
    """
UPDATE tracking_event SET user_id = NULL, anonymous_id = NULL WHERE workspace_id = %(workspace)s
   AND person_id <> ALL(%(people)s)
   AND (user_id = ANY(%(users)s::text[]) OR anonymous_id = ANY(%(anonymous)s::text[]))
""",
    # What an error says may repeat what was said of them.
    """
DELETE FROM tracking_aside x USING tracking_event e
 WHERE x.workspace_id = %(workspace)s AND e.workspace_id = x.workspace_id AND e.key = x.key
   AND (e.person_id = ANY(%(people)s) OR e.user_id = ANY(%(users)s::text[])
        OR (e.user_id IS NULL AND e.anonymous_id = ANY(%(anonymous)s::text[])))
""",
    """
DELETE FROM tracking_event WHERE workspace_id = %(workspace)s
   AND (person_id = ANY(%(people)s) OR user_id = ANY(%(users)s::text[])
        OR (user_id IS NULL AND anonymous_id = ANY(%(anonymous)s::text[])))
""",
)

OF_WORKSPACE = "subject_id IN (SELECT id FROM tracking_subject WHERE workspace_id = %(workspace)s)"
MIDNIGHT = "(%(before)s::date)::timestamp AT TIME ZONE 'UTC'"

KEPT = "SELECT mark FROM unnest(marks) AS mark WHERE mark & 65535 >= %(before)s::date - '1970-01-01'::date"

PRUNED = (
    f"DELETE FROM tracking_bucket WHERE hour < {MIDNIGHT} AND {OF_WORKSPACE}",
    f"DELETE FROM tracking_daybucket WHERE day < %(before)s AND {OF_WORKSPACE}",
    f"DELETE FROM tracking_seen WHERE workspace_id = %(workspace)s AND NOT EXISTS ({KEPT})",
    f"""
UPDATE tracking_seen SET marks = ARRAY({KEPT} ORDER BY mark)
 WHERE workspace_id = %(workspace)s AND cardinality(marks) > (SELECT count(*) FROM ({KEPT}) AS kept)
""",
    f"DELETE FROM tracking_people WHERE day < %(before)s AND {OF_WORKSPACE}",
    f"""
WITH orphaned AS (
    DELETE FROM tracking_people WHERE previous < %(before)s AND {OF_WORKSPACE} RETURNING subject_id, day, count
)
INSERT INTO tracking_people AS p (subject_id, day, previous, count)
SELECT subject_id, day, NULL, sum(count) FROM orphaned GROUP BY 1, 2
ON CONFLICT (subject_id, day, previous) DO UPDATE SET count = p.count + excluded.count
""",
    EMPTY_SUBJECTS,
    f"DELETE FROM tracking_response WHERE workspace_id = %(workspace)s AND occurred_at < {MIDNIGHT}",
    f"""
DELETE FROM tracking_aside x USING tracking_event e
 WHERE x.workspace_id = %(workspace)s AND e.workspace_id = x.workspace_id AND e.key = x.key
   AND e.occurred_at < {MIDNIGHT}
""",
    f"DELETE FROM tracking_event WHERE workspace_id = %(workspace)s AND occurred_at < {MIDNIGHT}",
)
