"""The registry of checks, and asking all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import psycopg
import structlog
from django.db import Error
from redis import RedisError

log = structlog.get_logger()
FAILURES = (Error, psycopg.Error, RedisError, OSError)
"""What asking a server or the disk may raise."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong and what to do about it. `stops`: whoever sends traffic here should send it elsewhere."""

    said: str
    stops: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    ask: Callable[[], Trouble | None]
    needs: tuple[str, ...]


CHECKS: dict[str, Check] = {}


def check(
    name: str, *, needs: tuple[str, ...] = ()
) -> Callable[[Callable[[], Trouble | None]], Callable[[], Trouble | None]]:
    """Register a check, which returns None when all is well; it is not asked while one that it needs stops."""

    def register(ask: Callable[[], Trouble | None]) -> Callable[[], Trouble | None]:
        CHECKS[name] = Check(name, ask, needs)
        return ask

    return register


def report() -> dict[str, Trouble | None]:
    """Every check's answer, those first that others need. A check that fails is in trouble itself."""
    found: dict[str, Trouble | None] = {}
    for one in sorted(CHECKS.values(), key=lambda one: len(one.needs)):
        away = next((name for name in one.needs if (trouble := found.get(name)) and trouble.stops), None)
        found[one.name] = Trouble(f"unknown: see {away}") if away else _ask(one)
    return found


def _ask(one: Check) -> Trouble | None:
    try:
        return one.ask()
    except FAILURES as error:  # its text may name hosts and users, which are not for everybody who asks
        log.warning("health.not_asked", check=one.name, error=str(error).partition("\n")[0])
        return Trouble("cannot be found out: see the log")
