"""The Celery tasks of messaging: one line each, calling a service. All of them may run twice, or at once."""

from __future__ import annotations

from celery import shared_task

from messaging.broadcasts.services import broadcasts, queueing, sending


@shared_task(name=queueing.SEND)  # type: ignore[untyped-decorator]
def send_broadcast(broadcast_id: int) -> None:
    sending.send(broadcast_id)


@shared_task  # type: ignore[untyped-decorator]
def start_due() -> None:
    for broadcast_id in broadcasts.start_due():
        queueing.queue(broadcast_id)
