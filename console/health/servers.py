"""The servers that everything stands on: PostgreSQL, Redis, their clocks and their memory."""

from __future__ import annotations

import time
from functools import lru_cache

from django.conf import settings
from django.db import Error, connection
from redis import Redis, RedisError

from console.health.checks import Trouble, check

CLOCKS_APART = 30  # seconds between this host and the database
MEMORY_USED = 0.8  # of what Redis may have


@check("database")
def database() -> Trouble | None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return Trouble("does not answer", stops=True)
    return None


@check("redis")
def redis() -> Trouble | None:
    try:
        broker().ping()
    except RedisError:
        return Trouble("does not answer", stops=True)
    return None


@lru_cache(maxsize=1)
def broker() -> Redis:
    return Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=2)


@check("redis_memory", needs=("redis",))
def redis_memory() -> Trouble | None:
    """A full Redis refuses tasks, or forgets some, by its policy."""
    found = broker().info("memory")
    limit, used = found.get("maxmemory", 0), found["used_memory"]
    if limit and found.get("maxmemory_policy", "noeviction") != "noeviction":
        return Trouble("Redis may forget tasks when it is full: set maxmemory-policy to noeviction.")
    if limit and used > MEMORY_USED * limit:
        return Trouble(f"Redis uses {used >> 20} MB of the {limit >> 20} it may: give it more (maxmemory).")
    return None


@check("clock", needs=("database",))
def clock() -> Trouble | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())::float")
        apart = time.time() - cursor.fetchone()[0]
    if abs(apart) < CLOCKS_APART:
        return None
    return Trouble(
        f"This host's clock and the database's are {abs(apart):.0f} s apart: let both follow one time server."
    )
