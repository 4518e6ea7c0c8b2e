"""The counts set right when the past changes: two people turn out to be one, one is erased, the oldest days go.

Its caller holds the watermarks of `rollup` and `responses`. Each repair leaves what a recount of the log would find.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import connection

from messaging.public import Merge
from tracking.rollups.marks import DAY, HOUR, KEY, MARKS, REPORTS
from tracking.rollups.sql import MERGE as INTO_PEOPLE


def merge(merges: Sequence[Merge]) -> None:
    """Whoever is gone is counted as whoever is kept, in the past too."""
    for workspace_id, pairs in _final(merges).items():
        _run(MERGED, {"workspace": workspace_id, "gone": list(pairs), "kept": list(pairs.values())})


def erase(workspace_id: int, people: Sequence[int], user_ids: Sequence[str], anonymous_ids: Sequence[str]) -> int:
    """Take these people out of the log, the responses, the counts and the inbox; returns how many log rows went."""
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

# Every report proves an opening, so whoever is nowhere among the people who opened a message is nowhere in its counts.
TOUCHED = f"""
news AS ({NEWS}),
opened AS (
    SELECT DISTINCT s.source_kind, s.source_id, s.message_id
      FROM tracking_subject s CROSS JOIN news n
      JOIN tracking_seen seen ON seen.subject_id = s.id AND seen.entity_id = n.gone
     WHERE s.workspace_id = %(workspace)s AND s.kind = 2
),
subjects AS (
    SELECT s.id FROM tracking_subject s JOIN opened USING (source_kind, source_id, message_id)
     WHERE s.workspace_id = %(workspace)s AND s.kind IN (2, 5, 6, 7)
),
touched AS (
    SELECT seen.subject_id, seen.entity_id, n.kept, seen.day
      FROM subjects s CROSS JOIN news n JOIN tracking_seen seen ON seen.subject_id = s.id AND seen.entity_id = n.gone
)
"""

MERGED = (
    f"""
WITH {TOUCHED},
old AS (
    SELECT subject_id, entity_id, kept, day FROM touched
    UNION
    SELECT seen.subject_id, seen.entity_id, seen.entity_id, seen.day
      FROM (SELECT DISTINCT subject_id, kept FROM touched) AS t
      JOIN tracking_seen seen ON seen.subject_id = t.subject_id AND seen.entity_id = t.kept
),
delta AS (
    SELECT subject_id, day, previous, sum(n) AS n FROM (
        SELECT subject_id, day, lag(day) OVER (PARTITION BY subject_id, entity_id ORDER BY day) AS previous, -1 AS n
          FROM old
        UNION ALL
        SELECT subject_id, day, lag(day) OVER (PARTITION BY subject_id, kept ORDER BY day), 1
          FROM (SELECT DISTINCT subject_id, kept, day FROM old) AS one
    ) AS moves GROUP BY 1, 2, 3 HAVING sum(n) <> 0
)
{INTO_PEOPLE}
""",
    f"""
WITH {TOUCHED},
cleared AS (
    DELETE FROM tracking_seen seen USING touched t
     WHERE seen.subject_id = t.subject_id AND seen.entity_id = t.entity_id AND seen.day = t.day
)
INSERT INTO tracking_seen (subject_id, entity_id, day) SELECT DISTINCT subject_id, kept, day FROM touched
ON CONFLICT (subject_id, entity_id, day) DO NOTHING
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

FACTS = f"""
reports AS MATERIALIZED ({REPORTS} AND e.workspace_id = %(workspace)s AND e.person_id = ANY(%(people)s)
    AND e.tx <= coalesce((SELECT tx FROM tracking_watermark WHERE follower = 'rollup'), 0)
    AND NOT EXISTS (SELECT 1 FROM tracking_aside x
                     WHERE x.follower = 'rollup' AND x.workspace_id = e.workspace_id AND x.key = e.key)),
marks AS MATERIALIZED ({MARKS}),
facts AS MATERIALIZED (
    SELECT s.id AS subject_id, entity_id, {HOUR} AS hour, {DAY} AS day FROM marks JOIN tracking_subject s USING ({KEY})
)
"""

EMPTY_SUBJECTS = """
DELETE FROM tracking_subject s WHERE s.workspace_id = %(workspace)s
   AND NOT EXISTS (SELECT 1 FROM tracking_bucket b WHERE b.subject_id = s.id)
"""

ERASED = (
    f"""
WITH {FACTS},
old AS (SELECT DISTINCT subject_id, entity_id, day FROM facts),
cleared AS (
    DELETE FROM tracking_seen seen USING old
     WHERE seen.subject_id = old.subject_id AND seen.entity_id = old.entity_id AND seen.day = old.day
),
delta AS (
    SELECT subject_id, day, previous, -count(*) AS n FROM (
        SELECT subject_id, day, lag(day) OVER (PARTITION BY subject_id, entity_id ORDER BY day) AS previous FROM old
    ) AS chain GROUP BY 1, 2, 3
)
{INTO_PEOPLE}
""",
    f"""
WITH {FACTS}
MERGE INTO tracking_bucket AS b USING (SELECT subject_id, hour, count(*) AS n FROM facts GROUP BY 1, 2) AS f
   ON b.subject_id = f.subject_id AND b.hour = f.hour
 WHEN MATCHED AND b.count = f.n THEN DELETE
 WHEN MATCHED THEN UPDATE SET count = b.count - f.n
""",
    EMPTY_SUBJECTS,
    "DELETE FROM tracking_response WHERE workspace_id = %(workspace)s AND person_id = ANY(%(people)s)",
    "DELETE FROM tracking_webhookdelivery WHERE workspace_id = %(workspace)s AND person_id = ANY(%(people)s)",
    "DELETE FROM tracking_merged WHERE workspace_id = %(workspace)s AND kept = ANY(%(people)s)",
    """
INSERT INTO tracking_erased (workspace_id, person_id, at) SELECT %(workspace)s, unnest(%(people)s::bigint[]), now()
ON CONFLICT (workspace_id, person_id) DO NOTHING
""",
    """
DELETE FROM tracking_reject WHERE workspace_id = %(workspace)s
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

PRUNED = (
    f"DELETE FROM tracking_bucket WHERE hour < {MIDNIGHT} AND {OF_WORKSPACE}",
    f"DELETE FROM tracking_seen WHERE day < %(before)s AND {OF_WORKSPACE}",
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
