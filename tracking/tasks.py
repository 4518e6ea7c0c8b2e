"""The clock knocks: one line each, calling a service. All of them may run twice, or at once."""

from __future__ import annotations

import structlog
from celery import shared_task

from tracking import consumers
from tracking.erasure import services as erasure
from tracking.rejections import services as rejects
from tracking.webhooks import outbox, sender

log = structlog.get_logger()


@shared_task(name="tracking.tasks.follow")  # type: ignore[untyped-decorator]
def follow() -> None:
    consumers.run_all()


@shared_task(name="tracking.tasks.send_webhooks")  # type: ignore[untyped-decorator]
def send_webhooks() -> None:
    sender.send()


@shared_task(name="tracking.tasks.prune")  # type: ignore[untyped-decorator]
def prune() -> None:
    try:
        erasure.prune()
    except erasure.ClockIsAhead as error:
        log.error("prune.refused", why=str(error))
    rejects.prune()
    outbox.prune()
