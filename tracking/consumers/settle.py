"""Tells deliveries what became of them. A click that has a reason ended its delivery."""

from __future__ import annotations

from django.db import connection

from messaging import public
from messaging.public import Outcome
from tracking.consumers.runner import LogRange


def settle(log_range: LogRange) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            OUTCOMES if log_range.keys is None else OUTCOMES.replace("/* some */", "AND key = ANY(%(keys)s)"),
            {"after": log_range.after, "upto": log_range.upto, "keys": list(log_range.keys or ())},
        )
        outcomes = [
            Outcome(w, person, delivery, opened, clicked, dismissed, reason or "")
            for w, person, delivery, opened, clicked, dismissed, reason in cursor.fetchall()
        ]
    if outcomes:
        public.settle(outcomes)


OUTCOMES = """
SELECT workspace_id, person_id, delivery_id, min(occurred_at),
       min(occurred_at) FILTER (WHERE kind = 8), min(occurred_at) FILTER (WHERE kind = 9 OR reason <> ''),
       (array_agg(reason ORDER BY occurred_at) FILTER (WHERE kind = 9 OR reason <> ''))[1]
  FROM tracking_event WHERE tx > %(after)s AND tx <= %(upto)s AND kind >= 7 /* some */
 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
