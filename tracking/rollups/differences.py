"""The judge's proceedings: every difference between the counts and the log, in one snapshot."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from messaging import public
from tracking.rollups.read import counts
from tracking.rollups.recount import CHECKS, PAGES, PEOPLE

ALL_NAMES = 10**9


@dataclass(frozen=True, slots=True)
class Difference:
    check: str
    what: str
    wanted: Any
    found: Any


def differences(workspace_id: int | None = None) -> list[Difference]:
    """What a recount of the log finds otherwise than the tables and the pages say; of all workspaces or of one."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return [*_tables(workspace_id), *_pages(workspace_id), *_people(workspace_id)]


def _tables(workspace_id: int | None) -> Iterator[Difference]:
    for check, statement in CHECKS.items():
        for what, wanted, found in _rows(statement, workspace_id):
            yield Difference(check, what, wanted, found)


def _pages(workspace_id: int | None) -> Iterator[Difference]:
    """What the reader tells of each source, against the whole log."""
    wanted: dict[tuple[int, int, int], dict[Any, tuple[int, int]]] = defaultdict(dict)
    for w, sk, s, *key, total, distinct in _rows(PAGES, workspace_id):
        wanted[w, sk, s][tuple(key)] = (total, distinct)
    for source in sorted(wanted):
        told: dict[Any, tuple[int, int]] = {
            (int(c.kind), c.message_id, c.action_id, c.name): (c.total, c.distinct)
            for c in counts(*source, names=ALL_NAMES)
        }
        for what in sorted(wanted[source].keys() | told.keys()):
            if wanted[source].get(what) != told.get(what):
                yield Difference("pages", f"source {source} {what}", wanted[source].get(what), told.get(what))


def _people(workspace_id: int | None) -> Iterator[Difference]:
    """Whom messaging takes these people for, against whom they are counted as."""
    known: dict[int, dict[int, int]] = defaultdict(dict)
    for w, person, kept in _rows(PEOPLE, workspace_id):
        known[w][person] = kept
    for w, people in known.items():
        ids = list(people)
        for start in range(0, len(ids), 10_000):
            for person, now in public.canonical(w, ids[start : start + 10_000]).items():
                if people[person] != now:
                    yield Difference("people merged", f"workspace {w} person {person}", now, people[person])


def _rows(statement: str, workspace_id: int | None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"workspace": workspace_id})
        return list(cursor.fetchall())
