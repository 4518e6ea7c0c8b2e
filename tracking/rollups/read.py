"""The one reader of counts: the roll-ups and the tail of the log behind them, in one statement, hence one snapshot."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from django.db import connection

from tracking.rollups.marks import DAY, HOUR, MARKS, PEOPLE, REPORTS
from tracking.rollups.models import SubjectKind

NAMES = 200
"""So many names of one action are told one by one, the most frequent first; NAMELESS has the sum of all."""


@dataclass(frozen=True, slots=True)
class Count:
    """How often, and of how many (deliveries or people, as the kind says), in the range of days that was asked for."""

    kind: SubjectKind
    message_id: int
    action_id: str
    name: str
    total: int
    distinct: int


@dataclass(frozen=True, slots=True)
class Point:
    """A count of one day or hour, told by its first moment. Of hours the distinct ones are not known."""

    at: datetime
    kind: SubjectKind
    message_id: int
    action_id: str
    name: str
    total: int
    distinct: int | None


def counts(
    workspace_id: int,
    source_kind: int,
    source_id: int,
    *,
    since: date | None = None,
    until: date | None = None,
    kinds: Collection[int] = tuple(SubjectKind.values),
    names: int = NAMES,
) -> list[Count]:
    """Every count of one broadcast or campaign, UTC days `since` to `until` inclusive; exact at every moment."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, _scope(workspace_id, source_kind, source_id, since, until, kinds) | {"names": names})
        return [Count(SubjectKind(row[0]), *row[1:]) for row in cursor.fetchall()]


def series(
    workspace_id: int,
    source_kind: int,
    source_id: int,
    *,
    since: date | None = None,
    until: date | None = None,
    kinds: Collection[int] = (SubjectKind.OPENED, SubjectKind.CLICKED, SubjectKind.RESPONDED),
    step: Literal["day", "hour"] = "day",
) -> list[Point]:
    """The same counts day by day, or hour by hour, in order; days and hours of zero are not told."""
    scope = _scope(workspace_id, source_kind, source_id, since, until, kinds)
    with connection.cursor() as cursor:
        cursor.execute(DAYS if step == "day" else HOURS, scope)
        return [Point(row[0], SubjectKind(row[1]), *row[2:]) for row in cursor.fetchall()]


def _scope(
    workspace_id: int,
    source_kind: int,
    source_id: int,
    since: date | None,
    until: date | None,
    kinds: Collection[int],
) -> dict[str, Any]:
    return {
        "workspace": workspace_id,
        "source_kind": source_kind,
        "source": source_id,
        "since": since,
        "until": until,
        "kinds": [int(kind) for kind in kinds],
    }


_SUBJECTS_AND_TAIL = f"""
WITH subjects AS MATERIALIZED (
    SELECT id, kind, message_id, action_id, name FROM tracking_subject
     WHERE workspace_id = %(workspace)s AND source_kind = %(source_kind)s AND source_id = %(source)s
       AND kind = ANY(%(kinds)s)
),
reports AS MATERIALIZED ({REPORTS}
       AND e.tx > tracking_consumed('rollup')
       AND e.workspace_id = %(workspace)s AND e.source_kind = %(source_kind)s AND e.source_id = %(source)s
),
marks AS MATERIALIZED (
    SELECT * FROM (SELECT kind, message_id, action_id, name, entity_id, person_id, {DAY} AS day, {HOUR} AS hour
                     FROM ({MARKS}) AS all_marks WHERE kind = ANY(%(kinds)s)) AS dated
     WHERE (%(since)s::date IS NULL OR day >= %(since)s::date)
       AND (%(until)s::date IS NULL OR day <= %(until)s::date)
)
"""

_PLACES = f"""
places AS MATERIALIZED (
    SELECT id AS place_id, message_id FROM tracking_subject
     WHERE workspace_id = %(workspace)s AND source_kind = %(source_kind)s AND source_id = %(source)s
       AND kind = {SubjectKind.OPENED:d}
)
"""


def _unseen(since: str, until: str) -> str:
    """SQL: that the roll-ups have not seen the entity of `m` under subject `s` in these days (NULL: without end).

    The latest mark up to the last day is found by bisection; is it not before the first day? OFFSET 0 keeps this a
    look into the table for each of the tail's entities: the planner expects far more of them than there are.
    """
    first, last = f"{since} - '1970-01-01'::date", f"{until} - '1970-01-01'::date"
    return f"""NOT EXISTS (
               SELECT 1 FROM tracking_seen t
                CROSS JOIN LATERAL (SELECT (s.id::bigint << 17) + CASE WHEN m.of_people THEN 65536 ELSE 0 END AS day_0)
                    AS subject
                WHERE t.workspace_id = %(workspace)s AND t.person_id = m.person_id AND t.place_id = p.place_id
                  AND (m.of_people OR t.delivery_id = m.entity_id)
                  AND t.marks[width_bucket(day_0 + least(coalesce({last}, 65535), 65535), t.marks)]
                      >= day_0 + greatest(coalesce({first}, 0), 0) OFFSET 0)"""


_ENTITIES = f"""kind, message_id, action_id, name, entity_id, person_id,
                   kind IN ({", ".join(f"{kind:d}" for kind in PEOPLE)}) AS of_people, count(*) AS n"""

# The tail's entities count only where the roll-ups have not seen them in the range already.
COUNTS = f"""
{_SUBJECTS_AND_TAIL},
{_PLACES},
totals AS (
    SELECT subject_id, sum(count) AS total FROM tracking_daybucket
     WHERE subject_id IN (SELECT id FROM subjects)
       AND (%(since)s::date IS NULL OR day >= %(since)s::date)
       AND (%(until)s::date IS NULL OR day <= %(until)s::date)
     GROUP BY subject_id
),
people AS (
    SELECT subject_id, sum(count) AS entities FROM tracking_people
     WHERE subject_id IN (SELECT id FROM subjects)
       AND (%(since)s::date IS NULL OR day >= %(since)s::date)
       AND (%(until)s::date IS NULL OR day <= %(until)s::date)
       AND (previous IS NULL OR previous < %(since)s::date)
     GROUP BY subject_id
),
late AS (
    SELECT kind, message_id, action_id, name, sum(n) AS total,
           count(*) FILTER (WHERE {_unseen("%(since)s::date", "%(until)s::date")}) AS entities
      FROM (SELECT {_ENTITIES} FROM marks GROUP BY 1, 2, 3, 4, 5, 6) AS m
      LEFT JOIN subjects s USING (kind, message_id, action_id, name) LEFT JOIN places p USING (message_id)
     GROUP BY 1, 2, 3, 4
),
both_parts AS (
    SELECT kind, message_id, action_id, name, total, coalesce(entities, 0) AS entities
      FROM subjects s JOIN totals t ON t.subject_id = s.id LEFT JOIN people p ON p.subject_id = s.id
    UNION ALL
    SELECT kind, message_id, action_id, name, total, entities FROM late
),
summed AS (
    SELECT kind, message_id, action_id, name, sum(total)::bigint AS total, sum(entities)::bigint AS entities
      FROM both_parts GROUP BY 1, 2, 3, 4
),
ranked AS (
    SELECT *, row_number() OVER (PARTITION BY kind, message_id, action_id ORDER BY total DESC, name) AS place
      FROM summed
)
SELECT kind, message_id, action_id, name, total, entities FROM ranked
 WHERE place <= %(names)s ORDER BY kind, message_id, action_id, total DESC, name
"""

HOURS = f"""
{_SUBJECTS_AND_TAIL}
SELECT hour, kind, message_id, action_id, name, sum(n)::bigint, NULL::bigint FROM (
    SELECT b.hour, s.kind, s.message_id, s.action_id, s.name, b.count AS n
      FROM tracking_bucket b JOIN subjects s ON s.id = b.subject_id
     WHERE (%(since)s::date IS NULL OR hour >= %(since)s::date::timestamp AT TIME ZONE 'UTC')
       AND (%(until)s::date IS NULL OR hour < (%(until)s::date + 1)::timestamp AT TIME ZONE 'UTC')
    UNION ALL
    SELECT hour, kind, message_id, action_id, name, count(*) FROM marks GROUP BY 1, 2, 3, 4, 5
) AS parts GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
"""

DAYS = f"""
{_SUBJECTS_AND_TAIL},
{_PLACES}
SELECT day::timestamp AT TIME ZONE 'UTC', kind, message_id, action_id, name, sum(n)::bigint, sum(entities)::bigint
  FROM (
    SELECT b.day, s.kind, s.message_id, s.action_id, s.name, b.count AS n, 0 AS entities
      FROM tracking_daybucket b JOIN subjects s ON s.id = b.subject_id
     WHERE (%(since)s::date IS NULL OR day >= %(since)s::date)
       AND (%(until)s::date IS NULL OR day <= %(until)s::date)
    UNION ALL
    SELECT p.day, s.kind, s.message_id, s.action_id, s.name, 0, sum(p.count)
      FROM tracking_people p JOIN subjects s ON s.id = p.subject_id
     WHERE (%(since)s::date IS NULL OR day >= %(since)s::date)
       AND (%(until)s::date IS NULL OR day <= %(until)s::date)
     GROUP BY 1, 2, 3, 4, 5
    UNION ALL
    SELECT day, kind, message_id, action_id, name, sum(n),
           count(*) FILTER (WHERE {_unseen("m.day", "m.day")})
      FROM (SELECT day, {_ENTITIES} FROM marks GROUP BY 1, 2, 3, 4, 5, 6, 7) AS m
      LEFT JOIN subjects s USING (kind, message_id, action_id, name) LEFT JOIN places p USING (message_id)
     GROUP BY 1, 2, 3, 4, 5
) AS parts GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
"""
