"""When the clock strikes. Tasks are one line each and call a service; all of them may run twice."""

from __future__ import annotations

from typing import Any

TIMETABLE: dict[str, dict[str, Any]] = {
    "follow-the-log": {"task": "tracking.tasks.follow", "schedule": 1.0, "options": {"expires": 5}},
    "send-webhooks": {"task": "tracking.tasks.send_webhooks", "schedule": 1.0, "options": {"expires": 5}},
    "start-what-is-due": {"task": "messaging.tasks.start_due", "schedule": 5.0, "options": {"expires": 10}},
    "prune": {"task": "tracking.tasks.prune", "schedule": 3600.0, "options": {"expires": 600}},
}
