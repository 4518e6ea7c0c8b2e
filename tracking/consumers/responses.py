"""Keeps a row for every tracked response, under the person as they are known now."""

from __future__ import annotations

from django.db import connection

from tracking.consumers.runner import LogRange


def responses(log_range: LogRange) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            KEEP.replace("/* some */", "" if log_range.keys is None else "AND e.key = ANY(%(keys)s)"),
            {"after": log_range.after, "upto": log_range.upto, "keys": list(log_range.keys or ())},
        )


KEEP = """
INSERT INTO tracking_response (workspace_id, person_id, key, delivery_id, snapshot_id, source_kind, source_id,
    message_id, action_id, name, dismissal, value, occurred_at)
SELECT e.workspace_id, coalesce(g.kept, e.person_id), e.key, e.delivery_id, e.snapshot_id, e.source_kind, e.source_id,
       e.message_id, e.action_id, coalesce(e.name, ''), e.kind = 9, coalesce(e.value, ''), e.occurred_at
  FROM tracking_event e
  LEFT JOIN tracking_merged g ON g.workspace_id = e.workspace_id AND g.gone = e.person_id
 WHERE e.tx > %(after)s AND e.tx <= %(upto)s AND e.kind >= 7 AND e.action_id IS NOT NULL AND NOT e.test /* some */
ON CONFLICT (workspace_id, person_id, key) DO NOTHING
"""
