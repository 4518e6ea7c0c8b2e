"""How far behind the consumers are."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from tracking.consumers.registry import NAMES


@dataclass(frozen=True, slots=True)
class Lag:
    """Rows that are still to be consumed (counted up to 100,000), seconds since the oldest came, and dead letters."""

    consumer: str
    rows: int
    seconds: float
    dead_letters: int


def lag() -> list[Lag]:
    with connection.cursor() as cursor:
        cursor.execute(LAG, [list(NAMES)])
        return [Lag(*row) for row in cursor.fetchall()]


LAG = """
SELECT f.name, behind.n, coalesce(extract(epoch FROM now() - oldest.received_at), 0)::float,
       (SELECT count(*) FROM tracking_aside a WHERE a.consumer = f.name)
  FROM unnest(%s::text[]) AS f (name)
  CROSS JOIN LATERAL (SELECT tracking_consumed(f.name) AS tx) AS mark
  CROSS JOIN LATERAL (
    SELECT count(*) AS n FROM (SELECT 1 FROM tracking_event e WHERE e.tx > mark.tx LIMIT 100000) AS few) AS behind
  LEFT JOIN LATERAL (
    SELECT received_at FROM tracking_event e WHERE e.tx > mark.tx ORDER BY e.tx LIMIT 1) AS oldest ON true
 ORDER BY 1
"""
