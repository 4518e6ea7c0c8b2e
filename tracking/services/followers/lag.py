"""How far behind the followers are."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True, slots=True)
class Lag:
    """Rows not yet followed (counted up to 100,000), the age of the oldest of them, and the rows put aside."""

    follower: str
    rows: int
    seconds: float
    aside: int


def lag() -> list[Lag]:
    with connection.cursor() as cursor:
        cursor.execute(LAG)
        return [Lag(*row) for row in cursor.fetchall()]


LAG = """
SELECT f.name, behind.n, coalesce(extract(epoch FROM now() - oldest.received_at), 0)::float,
       (SELECT count(*) FROM tracking_aside a WHERE a.follower = f.name)
  FROM unnest(ARRAY['people', 'responses', 'rollup', 'settle', 'webhooks']) AS f (name)
  CROSS JOIN LATERAL (SELECT tracking_followed(f.name) AS tx) AS mark
  CROSS JOIN LATERAL (
    SELECT count(*) AS n FROM (SELECT 1 FROM tracking_event e WHERE e.tx > mark.tx LIMIT 100000) AS few) AS behind
  LEFT JOIN LATERAL (
    SELECT received_at FROM tracking_event e WHERE e.tx > mark.tx ORDER BY e.tx LIMIT 1) AS oldest ON true
 ORDER BY 1
"""
