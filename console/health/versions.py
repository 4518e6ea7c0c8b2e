"""Whether this code and this key are those of the database."""

from __future__ import annotations

from functools import lru_cache

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from console.accounts.services import installation
from console.health.checks import Trouble, check


@check("migrations", needs=("database",))
def migrations() -> Trouble | None:
    if missing := unapplied():
        return Trouble(f"{missing} not applied: run `manage.py migrate`", stops=True)
    wrong = installation.check_migrations()
    return Trouble(wrong, stops=True) if wrong else None


@check("secret_key", needs=("database", "migrations"))
def secret_key() -> Trouble | None:
    wrong = installation.check_secret_key()
    return Trouble(wrong, stops=True) if wrong else None


def unapplied() -> int:
    if unapplied_once.cache_info().currsize and not unapplied_once():
        return 0  # migrations are not unapplied under a running process
    unapplied_once.cache_clear()
    return unapplied_once()


@lru_cache(maxsize=1)
def unapplied_once() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
