"""Handing a broadcast to a worker, by the name of its task: the task itself calls the services."""

from __future__ import annotations

import structlog
from celery import current_app
from kombu.exceptions import OperationalError

log = structlog.get_logger()
SEND = "messaging.tasks.send_broadcast"
EXPIRES = 60
"""Seconds that it waits for a worker; then `messaging.tasks.start_due` hands it over again."""


def queue(broadcast_id: int) -> None:
    """With the broker away, `start_due` finds that it stands still and hands it over later."""
    try:
        current_app.send_task(SEND, (broadcast_id,), expires=EXPIRES)
    except OperationalError as error:
        log.warning("broadcast.not_queued", broadcast=broadcast_id, error=str(error))
