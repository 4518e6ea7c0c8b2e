"""Celery. The worker carries the clock with it (`console.clock`)."""

from __future__ import annotations

import logging.config
import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_init

from console.timetable import TIMETABLE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "console.settings")

app = Celery("earshot")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = TIMETABLE
app.conf.include = ["console.clock"]
app.conf.beat_scheduler = "console.clock:MonotonicScheduler"  # of a beat in a process of its own


def log_as_everybody_does(**_: Any) -> None:
    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)


def refuse_a_database_of_others(**_: Any) -> None:
    from console.accounts.services import installation

    if wrong := installation.what_is_wrong():
        raise SystemExit(wrong)


setup_logging.connect(log_as_everybody_does)
worker_init.connect(refuse_a_database_of_others)
