"""Key -> workspace. The header wins over the body; a revoked key stops within `TTL` seconds."""

from __future__ import annotations

import time
from base64 import b64decode
from collections.abc import Callable
from functools import lru_cache

from console.models import KeyKind
from console.services import keys
from tracking.ingest.refusals import Code, Refused

TTL = 5.0
MAX_KEPT = 10_000


class Forgotten(Exception):
    """A key that was not asked for, or not lately."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


_kept: dict[str, tuple[float, int | None]] = {}


def authenticate(authorization: str, in_body: str | None, find: Callable[[str], int | None]) -> int:
    """The workspace that the key belongs to; raises Refused, and whatever `find` raises."""
    key = key_of(authorization, in_body)
    if not key:
        raise Refused(Code.NO_KEY)
    workspace = find(key)
    if workspace is None:
        raise Refused(Code.UNKNOWN_KEY)
    return workspace


@lru_cache(128)
def key_of(authorization: str, in_body: str | None) -> str | None:
    scheme, _, rest = authorization.strip().partition(" ")
    match scheme.lower():
        case "bearer":
            return rest.strip() or in_body
        case "basic":
            try:
                user, _, password = b64decode(rest.strip(), validate=True).decode().partition(":")
            except ValueError:
                return rest.strip() or None  # not Basic at all, so no key of ours
            return user or password or in_body
    return in_body


def find(key: str) -> int | None:
    """The workspace of a live key, from memory or else from the database."""
    try:
        return remember(key)
    except Forgotten:
        return ask(key)


def remember(key: str) -> int | None:
    """The workspace of a live key, None for a key of nobody's; raises Forgotten where only the database knows."""
    found = _kept.get(key)
    if found is None or found[0] < time.monotonic():
        raise Forgotten(key)
    return found[1]


def ask(key: str) -> int | None:
    found = None
    if len(key) <= 200:
        row = keys.find(key, KeyKind.WRITE) or keys.find(key, KeyKind.SECRET)
        found = row.workspace_id if row else None
    if len(_kept) >= MAX_KEPT:
        _kept.clear()  # a flood of made-up keys; live ones are back after one question each
    _kept[key[:201]] = (time.monotonic() + TTL, found)
    return found


def forget() -> None:
    _kept.clear()
