"""Puts every report that an endpoint wants into its outbox."""

from __future__ import annotations

from django.db import connection

from tracking.consumers.runner import LogRange


def webhooks(log_range: LogRange) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            WANTED.replace("/* some */", "" if log_range.keys is None else "AND e.key = ANY(%(keys)s)"),
            {"after": log_range.after, "upto": log_range.upto, "keys": list(log_range.keys or ())},
        )


WANTED = """
INSERT INTO tracking_webhookdelivery (workspace_id, webhook_id, key, person_id, kind, state, attempts, due_at, error)
SELECT e.workspace_id, w.id, e.key, e.person_id, e.kind, 1, 0, now(), ''
  FROM tracking_event e
  JOIN tracking_webhook w ON w.workspace_id = e.workspace_id AND w.active AND e.kind = ANY(w.kinds)
   AND e.received_at >= w.created_at
 WHERE e.tx > %(after)s AND e.tx <= %(upto)s AND e.kind >= 7 AND NOT e.test /* some */
ON CONFLICT (webhook_id, key) DO NOTHING
"""
