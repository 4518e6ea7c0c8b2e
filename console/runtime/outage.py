"""An outage is logged when it begins and when it ends, not once for every request that met it."""

from __future__ import annotations

import time

import structlog

log = structlog.get_logger()

SAY_AGAIN = 60.0  # seconds


class Outage:
    """Of one thing that others wait for. Tell it of failures and of successes."""

    def __init__(self, event: str) -> None:
        self.event = event
        self.since: float | None = None
        self.told = 0.0
        self.failures = 0

    def failed(self, error: Exception) -> None:
        now = time.monotonic()
        self.since = self.since or now
        self.failures += 1
        if self.failures == 1 or now - self.told > SAY_AGAIN:
            self.told = now
            log.warning(self.event, error=str(error).partition("\n")[0], failures=self.failures)

    def passed(self) -> None:
        if self.since is not None:
            seconds = round(time.monotonic() - self.since, 1)
            log.warning(f"{self.event}.over", seconds=seconds, failures=self.failures)
            self.since, self.failures = None, 0
