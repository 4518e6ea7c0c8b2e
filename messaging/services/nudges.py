"""Telling open pages that something waits for their person: Redis carries it, `console.live` passes it on.

A nudge may be lost (Redis down, page offline): clients poll as well, so nothing depends on it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache

import structlog
from django.conf import settings
from django.db import transaction
from redis import Redis, RedisError

CHANNEL = "earshot:nudges"  # the messages on it: {"workspace": 1, "people": ["ann", "bob"]}
MOST_PEOPLE = 1000  # in one message
log = structlog.get_logger(__name__)


def publish(workspace_id: int, external_ids: Iterable[str]) -> None:
    """After the commit, say that these people have new deliveries. Never raises."""
    people = list(external_ids)
    if people:
        transaction.on_commit(lambda: send(workspace_id, people))


def send(workspace_id: int, people: list[str]) -> None:
    try:
        for start in range(0, len(people), MOST_PEOPLE):
            part = {"workspace": workspace_id, "people": people[start : start + MOST_PEOPLE]}
            connection().publish(CHANNEL, json.dumps(part))
    except RedisError as error:
        log.warning("nudges_lost", people=len(people), error=type(error).__name__)


@lru_cache(maxsize=1)
def connection() -> Redis:
    return Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=2)
