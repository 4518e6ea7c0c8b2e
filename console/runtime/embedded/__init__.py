"""A real PostgreSQL and a real Redis from wheels, for machines where neither runs.

Both keep their data under one folder, speak over a unix socket or loopback only, and stop with whoever started them,
even when that one is killed. This package imports nothing but the standard library, so the supervisor stays small.
"""

from __future__ import annotations

import atexit
import os
from pathlib import Path

from console.runtime.embedded.errors import CannotStart
from console.runtime.embedded.ports import free_port
from console.runtime.embedded.postgres import Postgres
from console.runtime.embedded.redis import Redis

__all__ = ["CannotStart", "Postgres", "Redis", "embed_for_tests", "free_port", "start_postgres", "start_redis"]


def start_postgres(folder: Path, *, durable: bool = True) -> tuple[Postgres, str]:
    """Start PostgreSQL on `folder`; returns the server (with .stop()) and the URL of its database."""
    server = Postgres(folder, durable=durable)
    server.start()
    return server, server.url


def start_redis(folder: Path, port: int) -> tuple[Redis, str]:
    """Start Redis with its append-only file in `folder`; returns the server (with .stop()) and its URL."""
    server = Redis(folder, port)
    server.start()
    return server, server.url


def embed_for_tests(folder: Path) -> None:
    """Set DATABASE_URL and REDIS_URL to embedded servers on `folder`, unless the environment names real ones."""
    if "DATABASE_URL" not in os.environ:
        database, os.environ["DATABASE_URL"] = start_postgres(folder / "postgres", durable=False)
        atexit.register(database.stop)
    if "REDIS_URL" not in os.environ:
        redis, os.environ["REDIS_URL"] = start_redis(folder / "redis", free_port())
        atexit.register(redis.stop)
