"""Messages to the other processes over Redis. One may be lost (Redis is down), so nothing may depend on it alone."""

from __future__ import annotations

from functools import lru_cache

import structlog
from django.conf import settings
from redis import Redis, RedisError

log = structlog.get_logger(__name__)


def publish(channel: str, *messages: str) -> None:
    """Never raises."""
    try:
        for message in messages:
            connection().publish(channel, message)
    except RedisError as error:
        log.warning("announcement_lost", channel=channel, error=type(error).__name__)


@lru_cache(maxsize=1)
def connection() -> Redis:
    return Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=2)
