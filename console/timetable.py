"""When the clock strikes. Tasks are one line each and call a service; all of them may run twice."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

from celery.schedules import schedstate, schedule


class Every(schedule):  # type: ignore[misc]
    """So many seconds apart, by a clock that nobody sets."""

    def __init__(self, seconds: float) -> None:
        super().__init__(run_every=seconds)
        self.interval = seconds
        self.due_at = time.monotonic()

    def is_due(self, last_run_at: datetime) -> schedstate:
        left = self.due_at - time.monotonic()
        if left > 0:
            return schedstate(is_due=False, next=left)
        self.due_at = time.monotonic() + self.interval
        return schedstate(is_due=True, next=self.interval)


TIMETABLE: dict[str, dict[str, Any]] = {
    "follow-the-log": {"task": "tracking.tasks.follow", "schedule": Every(1.0), "options": {"expires": 5}},
    "send-webhooks": {"task": "tracking.tasks.send_webhooks", "schedule": Every(1.0), "options": {"expires": 5}},
    "start-what-is-due": {"task": "messaging.tasks.start_due", "schedule": Every(2.0), "options": {"expires": 10}},
    "heartbeat": {"task": "console.tasks.heartbeat", "schedule": Every(5.0), "options": {"expires": 10}},
    "log-health": {"task": "console.tasks.log_health", "schedule": Every(60.0), "options": {"expires": 60}},
    "prune": {"task": "tracking.tasks.prune", "schedule": Every(3600.0), "options": {"expires": 600}},
}
