"""How far the roll-up is behind the log. Numbers are exact all the same: pages read the tail as well."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection

SQL = """
SELECT clock_timestamp() - received_at FROM tracking_event
 WHERE tx > tracking_consumed('rollup')
 ORDER BY tx LIMIT 1
"""


def lag() -> timedelta:
    """The age of the oldest event that is not rolled up yet; zero when there is none."""
    with connection.cursor() as cursor:
        cursor.execute(SQL)
        row = cursor.fetchone()
    return max(row[0], timedelta()) if row else timedelta()
