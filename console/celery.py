"""The worker's and the senders' side of Celery. `console.timetable` says when, `console.clock` strikes."""

from __future__ import annotations

import os

from celery import Celery

from console.timetable import TIMETABLE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "console.settings")

app = Celery("earshot")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = TIMETABLE
