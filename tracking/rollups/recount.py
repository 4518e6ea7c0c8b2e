"""Counting again, by brute force, from the log: the engine's judge. It shares no code with what it judges.

Each check is one statement that gives rows (what, wanted, found) where the two differ. Run all of them in one
snapshot; then they are right while ingest and the consumers go on.
"""

from __future__ import annotations

CHECKS: dict[str, str] = {}

_LOG = """
WITH done AS (SELECT coalesce(max(tx), 0) AS tx FROM tracking_watermark WHERE consumer = 'rollup'),
log AS (
    SELECT e.workspace_id AS w, e.source_kind AS sk, e.source_id AS s, e.message_id AS m, e.kind, e.action_id AS a,
           coalesce(e.name, '') AS n, coalesce(e.reason, '') AS r, e.personal, e.delivery_id AS d,
           (SELECT coalesce(max(kept), e.person_id) FROM tracking_merged x
             WHERE x.workspace_id = e.workspace_id AND x.gone = e.person_id) AS p,
           e.occurred_at AT TIME ZONE 'UTC' AS at
      FROM tracking_event e
     WHERE e.kind IN (7, 8, 9) AND e.test = false AND e.tx <= (SELECT tx FROM done)
       AND (%(workspace)s::int IS NULL OR e.workspace_id = %(workspace)s)
),
said AS (
    SELECT w, 1 AS k, sk, s, m, '' AS a, '' AS n, d AS who, at, p, d FROM log
    UNION ALL SELECT w, 2, sk, s, m, '', '', p, at, p, d FROM log
    UNION ALL SELECT w, 3, sk, s, m, '', '', d, at, p, d FROM log WHERE kind = 8
    UNION ALL SELECT w, 4, sk, s, m, '', r, d, at, p, d FROM log WHERE kind = 9
    UNION ALL SELECT w, 5, sk, s, m, a, n, p, at, p, d FROM log WHERE a IS NOT NULL
    UNION ALL SELECT w, 6, sk, s, m, '', '', p, at, p, d FROM log WHERE a IS NOT NULL
    UNION ALL SELECT w, 7, sk, s, m, a, '', p, at, p, d FROM log WHERE a IS NOT NULL AND personal
),
named AS (
    SELECT id, workspace_id AS w, kind AS k, source_kind AS sk, source_id AS s, message_id AS m, action_id AS a,
           name AS n
      FROM tracking_subject WHERE %(workspace)s::int IS NULL OR workspace_id = %(workspace)s
)
"""

CHECKS["how often, per hour"] = f"""
{_LOG}
SELECT concat_ws(' ', 'workspace', w, 'kind', k, 'source', sk, s, 'message', m, a, n, hour), o.c, b.c
  FROM (SELECT w, k, sk, s, m, a, n, date_trunc('hour', at) AS hour, count(*) AS c
          FROM said GROUP BY 1, 2, 3, 4, 5, 6, 7, 8) AS o
  FULL JOIN (SELECT w, k, sk, s, m, a, n, hour AT TIME ZONE 'UTC' AS hour, count AS c
               FROM tracking_bucket JOIN named ON named.id = subject_id) AS b
 USING (w, k, sk, s, m, a, n, hour)
 WHERE o.c IS DISTINCT FROM b.c
"""

CHECKS["how often, per day"] = f"""
{_LOG}
SELECT concat_ws(' ', 'workspace', w, 'kind', k, 'source', sk, s, 'message', m, a, n, day), o.c, b.c
  FROM (SELECT w, k, sk, s, m, a, n, at::date AS day, count(*) AS c FROM said GROUP BY 1, 2, 3, 4, 5, 6, 7, 8) AS o
  FULL JOIN (SELECT w, k, sk, s, m, a, n, day, count AS c
               FROM tracking_daybucket JOIN named ON named.id = subject_id) AS b
 USING (w, k, sk, s, m, a, n, day)
 WHERE o.c IS DISTINCT FROM b.c
"""

CHECKS["who, on which day"] = f"""
{_LOG}
SELECT concat_ws(' ', 'workspace', w, 'kind', k, 'source', sk, s, 'message', m, a, n, 'person', p, 'delivery', d, day),
       o.c, b.c
  FROM (SELECT DISTINCT w, k, sk, s, m, a, n, p, d, at::date AS day, k IN (2, 5, 6, 7) AS of_people, 1 AS c
          FROM said) AS o
  FULL JOIN (SELECT seen.workspace_id AS w, told.k, place.sk, place.s, place.m, told.a, told.n, person_id AS p,
                    delivery_id AS d, date '1970-01-01' + (mark %% 65536)::int AS day,
                    mark / 65536 %% 2 = 1 AS of_people, 1 AS c
               FROM tracking_seen seen CROSS JOIN unnest(marks) AS mark
               LEFT JOIN named place ON place.id = place_id AND place.k = 1
               LEFT JOIN named told ON told.id = mark / 131072
                    AND (told.w, told.sk, told.s, told.m) = (place.w, place.sk, place.s, place.m)
              WHERE %(workspace)s::int IS NULL OR seen.workspace_id = %(workspace)s) AS b
 USING (w, k, sk, s, m, a, n, p, d, day, of_people)
 WHERE o.c IS DISTINCT FROM b.c
"""

CHECKS["marks in order, each once"] = """
SELECT concat_ws(' ', 'workspace', workspace_id, 'person', person_id, 'delivery', delivery_id),
       sorted::text, marks::text
  FROM tracking_seen CROSS JOIN LATERAL (SELECT array_agg(DISTINCT x ORDER BY x) AS sorted FROM unnest(marks) AS x) AS y
 WHERE sorted IS DISTINCT FROM marks AND (%(workspace)s::int IS NULL OR workspace_id = %(workspace)s)
"""

CHECKS["how many, by day and the day before it"] = f"""
{_LOG},
days AS (SELECT DISTINCT w, k, sk, s, m, a, n, who, at::date AS day FROM said),
gaps AS (
    SELECT w, k, sk, s, m, a, n, day, lag(day) OVER (PARTITION BY w, k, sk, s, m, a, n, who ORDER BY day) AS gap
      FROM days
)
SELECT concat_ws(' ', 'workspace', w, 'kind', k, 'source', sk, s, 'message', m, a, n, day, 'after', gap), o.c, b.c
  FROM (SELECT w, k, sk, s, m, a, n, day, coalesce(gap, '0001-01-01') AS gap, count(*) AS c
          FROM gaps GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9) AS o
  FULL JOIN (SELECT w, k, sk, s, m, a, n, day, coalesce(previous, '0001-01-01') AS gap, count AS c
               FROM tracking_people JOIN named ON named.id = subject_id) AS b
 USING (w, k, sk, s, m, a, n, day, gap)
 WHERE o.c IS DISTINCT FROM b.c
"""

CHECKS["responses kept"] = """
WITH done AS (SELECT coalesce(max(tx), 0) AS tx FROM tracking_watermark WHERE consumer = 'responses')
SELECT concat_ws(' ', 'workspace', w, 'response', key), o.what, r.what
  FROM (SELECT e.workspace_id AS w, e.key,
               concat_ws('|', (SELECT coalesce(max(kept), e.person_id) FROM tracking_merged x
                                WHERE x.workspace_id = e.workspace_id AND x.gone = e.person_id),
                         e.source_kind, e.source_id, e.message_id, e.action_id, e.name, e.occurred_at) AS what
          FROM tracking_event e
         WHERE e.action_id IS NOT NULL AND NOT e.test AND e.tx <= (SELECT tx FROM done)
           AND (%(workspace)s::int IS NULL OR e.workspace_id = %(workspace)s)) AS o
  FULL JOIN (SELECT workspace_id AS w, key,
               concat_ws('|', person_id, source_kind, source_id, message_id, action_id, name, occurred_at) AS what
          FROM tracking_response
         WHERE %(workspace)s::int IS NULL OR workspace_id = %(workspace)s) AS r
 USING (w, key)
 WHERE o.what IS DISTINCT FROM r.what
"""

# What the pages read - roll-ups and tail - is compared with these numbers of the whole log.
PAGES = (
    _LOG.replace("AND e.tx <= (SELECT tx FROM done)", "")
    + """
SELECT w, sk, s, k, m, a, n, count(*), count(DISTINCT who) FROM said GROUP BY 1, 2, 3, 4, 5, 6, 7
"""
)

PEOPLE = """
SELECT workspace_id, person_id, max(kept) FROM (
    SELECT e.workspace_id, e.person_id, coalesce(x.kept, e.person_id) AS kept
      FROM tracking_event e LEFT JOIN tracking_merged x ON x.workspace_id = e.workspace_id AND x.gone = e.person_id
     WHERE e.person_id IS NOT NULL AND (%(workspace)s::int IS NULL OR e.workspace_id = %(workspace)s)) AS p
 GROUP BY 1, 2
"""
