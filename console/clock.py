"""Celery's beat without Django: it only names tasks, so it needs no models, and half the memory.

    python -m console.clock

`celery -A console.celery beat` does the same. The times of the last strikes are not kept: a task that is late
strikes again soon after a start, and every task may run twice.
"""

from __future__ import annotations

import os
import signal
import sys

from celery import Celery
from celery.beat import Scheduler, Service

from console import logs
from console.timetable import TIMETABLE


def main() -> None:
    logs.start(pretty=sys.stderr.isatty(), level="WARNING")
    app = Celery("earshot", broker=os.environ["REDIS_URL"], fixups=[])
    app.conf.update(beat_schedule=TIMETABLE, timezone="UTC", task_ignore_result=True)
    service = Service(app, scheduler_cls=Scheduler)
    signal.signal(signal.SIGTERM, lambda *_: service.stop())
    signal.signal(signal.SIGINT, lambda *_: service.stop())
    service.start()


if __name__ == "__main__":
    main()
