"""What ingest and the consumers of the log add to the checks of the installation."""

from __future__ import annotations

from django.db import connection

from console.health import Trouble, check
from tracking.consumers import NAMES, transaction_ids
from tracking.consumers.models import DeadLetter

BEHIND = 60  # seconds; consumers run every second
WAITING = 600  # seconds that a webhook of a healthy endpoint may wait for its turn

OLDEST = """
SELECT f.name, extract(epoch FROM now() - oldest.received_at)::float
  FROM unnest(%s::text[]) AS f (name)
 CROSS JOIN LATERAL (SELECT received_at FROM tracking_event e WHERE e.tx > tracking_consumed(f.name)
                      ORDER BY e.tx LIMIT 1) AS oldest
 ORDER BY 2 DESC LIMIT 1
"""
DUE = """
SELECT count(*), coalesce(extract(epoch FROM now() - min(d.due_at)), 0)::float
  FROM (SELECT due_at FROM tracking_webhookdelivery d JOIN tracking_webhook w ON w.id = d.webhook_id
         WHERE d.due_at < now() AND w.active AND w.failing_since IS NULL LIMIT 100000) AS d
"""


@check("event_log", needs=("database", "migrations"))
def event_log() -> Trouble | None:
    wrong = transaction_ids.what_is_wrong()
    return Trouble(wrong, stops=True) if wrong else None


@check("consumers", needs=("database", "migrations", "event_log"))
def consumers() -> Trouble | None:
    with connection.cursor() as cursor:
        cursor.execute(OLDEST, [list(NAMES)])
        row = cursor.fetchone()
    if row is None or row[1] < BEHIND:
        return None
    return Trouble(f"`{row[0]}` is {row[1]:.0f} s behind the log: see the worker's log.")


@check("dead_letters", needs=("database", "migrations"))
def dead_letters() -> Trouble | None:
    count = DeadLetter.objects.count()
    return Trouble(f"{count} dead letters are not counted: `manage.py retry_dead_letters`.") if count else None


@check("outbox", needs=("database", "migrations"))
def outbox() -> Trouble | None:
    rows, seconds = outbox_due()
    if seconds < WAITING:
        return None
    return Trouble(f"{rows} webhooks of endpoints that answer are due, the oldest for {seconds:.0f} s: see the worker.")


def outbox_due() -> tuple[int, float]:
    """Deliveries of healthy endpoints that are due, counted up to 100,000, and seconds that the oldest has been."""
    with connection.cursor() as cursor:
        cursor.execute(DUE)
        rows, seconds = cursor.fetchone()
    return int(rows), float(seconds)
