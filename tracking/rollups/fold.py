"""What the roll-ups mean. `tracking.rollups.sql` does the same, faster; a test says that they are equal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import NamedTuple

from tracking.ingest.models import EventKind
from tracking.rollups.models import SubjectKind


@dataclass(frozen=True, slots=True)
class Report:
    """A row of the log as far as it is counted. `person_id` is whoever the person has become by merging."""

    workspace_id: int
    kind: int
    occurred_at: datetime
    source_kind: int
    source_id: int
    message_id: int
    delivery_id: int
    person_id: int
    action_id: str | None = None
    name: str | None = None
    reason: str | None = None
    personal: bool = False
    test: bool = False


class Key(NamedTuple):
    """Which subject."""

    workspace_id: int
    kind: int
    source_kind: int
    source_id: int
    message_id: int
    action_id: str = ""
    name: str = ""


@dataclass(slots=True)
class Counts:
    """How often per hour, and who on which day."""

    totals: Counter[tuple[Key, datetime]] = field(default_factory=Counter)
    seen: set[tuple[Key, int, date]] = field(default_factory=set)


def fold(counts: Counts, report: Report) -> Counts:
    """Count one report: add its marks, and note whom they are of."""
    at = report.occurred_at.astimezone(UTC)
    hour = at.replace(minute=0, second=0, microsecond=0)
    for key, entity in marks(report):
        counts.totals[key, hour] += 1
        counts.seen.add((key, entity, at.date()))
    return counts


def marks(report: Report) -> Iterator[tuple[Key, int]]:
    """What one report says, each with the entity (delivery or person) that it is said of.

    Every report proves the opening. A report with an action is a tracked response.
    """
    if report.test:
        return

    def key(kind: SubjectKind, action_id: str = "", name: str = "") -> Key:
        return Key(report.workspace_id, kind, report.source_kind, report.source_id, report.message_id, action_id, name)

    yield key(SubjectKind.OPENED), report.delivery_id
    yield key(SubjectKind.OPENED_PEOPLE), report.person_id
    if report.kind == EventKind.CLICKED:
        yield key(SubjectKind.CLICKED), report.delivery_id
    if report.kind == EventKind.DISMISSED:
        yield key(SubjectKind.DISMISSED, name=report.reason or ""), report.delivery_id
    if report.action_id is not None:
        yield key(SubjectKind.RESPONSE, report.action_id, report.name or ""), report.person_id
        yield key(SubjectKind.RESPONDED), report.person_id
        if report.personal:
            yield key(SubjectKind.NAMELESS, report.action_id), report.person_id


def histogram(counts: Counts) -> Counter[tuple[Key, date, date | None]]:
    """How many entities were seen on a day and, the last time before it, on another (None: never)."""
    days: dict[tuple[Key, int], list[date]] = {}
    for key, entity, day in counts.seen:
        days.setdefault((key, entity), []).append(day)
    people: Counter[tuple[Key, date, date | None]] = Counter()
    for (key, _), seen in days.items():
        previous: date | None = None
        for day in sorted(seen):
            people[key, day, previous] += 1
            previous = day
    return people
