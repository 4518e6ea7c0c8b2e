"""Tell whoever waits for a person's queue (live connections) that it changed, once that is committed.

A nudge carries no message, only who; the queue itself is asked as ever. Lost nudges cost a poll's delay.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache, partial

import redis
import structlog
from django.conf import settings
from django.db import transaction

from messaging.models import Person

log = structlog.get_logger()
EVERYBODY = 1000  # more people than this at once: one nudge to the whole workspace


def channel(workspace_id: int) -> str:
    return f"earshot:nudges:{workspace_id}"


def after_commit(workspace_id: int, people: Sequence[int]) -> None:
    if people and settings.LIVE_URL:
        transaction.on_commit(partial(publish, workspace_id, people), robust=True)


def publish(workspace_id: int, people: Sequence[int]) -> None:
    """`{"users": [external ids]}`, or `{"users": null}` for everybody in the workspace."""
    users = None
    if len(people) <= EVERYBODY:
        known = Person.objects.filter(workspace=workspace_id, pk__in=people, external_id__isnull=False)
        users = list(known.values_list("external_id", flat=True))
        if not users:
            return
    try:
        _redis().publish(channel(workspace_id), json.dumps({"users": users}))
    except redis.RedisError as error:
        log.warning("nudge.lost", workspace=workspace_id, error=str(error))


@cache
def _redis() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)
