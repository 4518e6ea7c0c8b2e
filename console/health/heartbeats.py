"""Signs of life of the worker and of beat, kept in Redis for a minute: no clock of any host decides."""

from __future__ import annotations

from console.health.checks import Trouble, check
from console.health.servers import broker

KEPT = 60  # seconds
PROCESSES = {
    "worker": "No worker has run a task for a minute, so nothing is counted or sent: start one (`manage.py up` does).",
    "beat": "No beat has named a task for a minute, so nothing is counted or sent: let one worker have EARSHOT_CLOCK.",
}


def record(process: str) -> None:
    broker().set(f"earshot:heartbeat:{process}", "1", ex=KEPT)


def age(process: str) -> float | None:
    """Seconds since the last sign; None after a minute without."""
    left = broker().pttl(f"earshot:heartbeat:{process}")
    return KEPT - left / 1000 if left >= 0 else None


@check("worker", needs=("redis",))
def worker() -> Trouble | None:
    return Trouble(PROCESSES["worker"]) if age("worker") is None else None


@check("beat", needs=("redis",))
def beat() -> Trouble | None:
    return Trouble(PROCESSES["beat"]) if age("beat") is None else None
