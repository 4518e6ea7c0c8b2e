"""What the worker does for the installation itself."""

from __future__ import annotations

import structlog
from celery import shared_task

from console.health import heartbeats, report

log = structlog.get_logger()
said: dict[str, str] = {}


@shared_task(name="console.tasks.heartbeat")  # type: ignore[untyped-decorator]
def heartbeat() -> None:
    heartbeats.record("worker")


@shared_task(name="console.tasks.log_health")  # type: ignore[untyped-decorator]
def log_health() -> None:
    """Say what is wrong when that begins, and when it is over."""
    heartbeats.record("worker")  # who asks is alive, though its first heartbeat may be yet to come
    now = {name: trouble.said for name, trouble in report().items() if trouble}
    for name in now.keys() - said.keys():
        log.error(f"health.{name}", why=now[name])
    for name in said.keys() - now.keys():
        log.warning(f"health.{name}.over")
    said.clear()
    said.update(now)
