"""The clock knocks: one line each, calling a service. All of them may run twice, or at once."""

from __future__ import annotations

import structlog
from celery import shared_task
from kombu.exceptions import OperationalError

from messaging.services import broadcasts, sending

log = structlog.get_logger()
GOOD_FOR = 60  # seconds that a broadcast waits for a worker; then `start_due` hands it over again


@shared_task  # type: ignore[untyped-decorator]
def send_broadcast(broadcast_id: int) -> None:
    sending.send(broadcast_id)


@shared_task  # type: ignore[untyped-decorator]
def start_due() -> None:
    for broadcast_id in broadcasts.start_due():
        queue(broadcast_id)


def queue(broadcast_id: int) -> None:
    """Hand it to a worker. With the broker away, `start_due` finds it standing still and hands it over later."""
    try:
        send_broadcast.apply_async((broadcast_id,), expires=GOOD_FOR)
    except OperationalError as error:
        log.warning("broadcast.not_queued", broadcast=broadcast_id, error=str(error))
