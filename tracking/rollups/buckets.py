"""The counts by hour and by day, replaced by a recount of the log. Its caller holds the watermark of `rollup`."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from tracking.rollups.marks import DAY, HOUR, KEY, MARKS, REPORTS


def recount(since: datetime) -> None:
    """Replace the counts of all days on which something occurred that was received since then."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT date_trunc('day', min(occurred_at), 'UTC') FROM tracking_event WHERE received_at >= %s", [since]
        )
        first = cursor.fetchone()[0]
        if first is None:
            return
        for table, column, moment, start in (
            ("tracking_bucket", "hour", HOUR, "%(first)s"),
            ("tracking_daybucket", "day", DAY, "(%(first)s AT TIME ZONE 'UTC')::date"),
        ):
            cursor.execute(f"DELETE FROM {table} WHERE {column} >= {start}", {"first": first})
            cursor.execute(_counted(table, column, moment), {"first": first})


def _counted(table: str, column: str, moment: str) -> str:
    return f"""
WITH reports AS MATERIALIZED ({REPORTS} AND e.occurred_at >= %(first)s AND e.tx <= tracking_consumed('rollup')
    AND NOT EXISTS (SELECT 1 FROM tracking_aside x
                     WHERE x.consumer = 'rollup' AND x.workspace_id = e.workspace_id AND x.key = e.key))
INSERT INTO {table} (subject_id, {column}, count)
SELECT s.id, {moment}, count(*) FROM ({MARKS}) AS marks JOIN tracking_subject s USING ({KEY}) GROUP BY 1, 2
"""
