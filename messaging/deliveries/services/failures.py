"""Deliveries whose message could not be filled in for their person."""

from __future__ import annotations

from django.db import connection

from messaging.deliveries.models import Delivery

LONGEST_REASON = 300


def record(delivery: Delivery, why: str) -> None:
    """It is out of the queue until somebody tries again; one that was rendered meanwhile stays as it is."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE messaging_delivery SET state = 7, failure = %s"
            " WHERE workspace_id = %s AND person_id = %s AND id = %s AND rendered IS NULL",
            [why[:LONGEST_REASON], delivery.workspace_id, delivery.person_id, delivery.pk],
        )
