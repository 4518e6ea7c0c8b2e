"""For load balancers and the supervisor: is the process alive, and is it of use?"""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from redis import Redis, RedisError

from console.services import installation
from tracking.services import transaction_ids


def alive(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> HttpResponse:
    """503 with what is missing, so that whoever is called at night knows where to look."""
    checks = {"database": database(), "redis": redis()}
    for name, check in {"migrations": migrations, "secret_key": secret_key, "event_log": event_log}.items():
        checks[name] = check() if checks["database"] == "ok" else "unknown: the database does not answer"
    good = all(found == "ok" for found in checks.values())
    return JsonResponse({"status": "ok" if good else "unavailable", **checks}, status=200 if good else 503)


def database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return "does not answer"
    return "ok"


def redis() -> str:
    try:
        broker().ping()
    except RedisError:
        return "does not answer"
    return "ok"


@lru_cache(maxsize=1)
def broker() -> Redis:
    return Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=2)


def migrations() -> str:
    missing = unapplied()
    if missing:
        return f"{missing} not applied: run `manage.py migrate`"
    return installation.check_migrations() or "ok"


def event_log() -> str:
    try:
        return transaction_ids.what_is_wrong() or "ok"
    except Error:
        return "cannot be read: see `migrations`"


def secret_key() -> str:
    return installation.check_secret_key() or "ok"


def unapplied() -> int:
    if unapplied_once.cache_info().currsize and not unapplied_once():
        return 0  # migrations are not unapplied under a running process
    unapplied_once.cache_clear()
    return unapplied_once()


@lru_cache(maxsize=1)
def unapplied_once() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
