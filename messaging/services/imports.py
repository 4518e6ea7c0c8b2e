"""People from a sheet: what an import would do, and doing it. All or nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from console.errors import Conflict
from console.models import User, Workspace
from console.services import audit
from messaging import attributes
from messaging.models import Person
from messaging.services import locks
from messaging.services.people import names as person_names

People = Mapping[str, Mapping[str, Any]]
BATCH = 2000


@dataclass
class Outlook:
    new: int = 0
    changed: int = 0
    same: int = 0
    too_much: list[str] = field(default_factory=list)
    """Whose attributes would exceed a limit, and which; then nobody is imported."""


def look(workspace: Workspace, people: People) -> Outlook:
    """What applying it would do now."""
    outlook = Outlook()
    for fresh, known in _sorted(workspace, people):
        outlook.too_much += _too_much(workspace, people, fresh, known)
        outlook.new += len(fresh)
        changed = sum(_changes(before, after) for before, after in known.values())
        outlook.changed += changed
        outlook.same += len(known) - changed
    return outlook


@transaction.atomic
def apply(*, workspace: Workspace, by: User, people: People) -> Outlook:
    """Add who is new, and lay the attributes over those of who is known; what a sheet leaves empty stays.

    Raises Conflict where somebody would have too much.
    """
    locks.hold_people(workspace.pk)
    outlook = Outlook()
    for fresh, known in _sorted(workspace, people):
        if wrong := _too_much(workspace, people, fresh, known):
            raise Conflict(wrong[0])
        Person.objects.bulk_create(
            Person(workspace=workspace, external_id=one, attributes=dict(people[one])) for one in fresh
        )
        changed = {pk: after for pk, (before, after) in known.items() if _changes(before, after)}
        _lay_over(changed)
        outlook.new += len(fresh)
        outlook.changed += len(changed)
        outlook.same += len(known) - len(changed)
    audit.record(
        workspace=workspace,
        by=by,
        verb="people.imported",
        target=workspace,
        changes={"new": outlook.new, "changed": outlook.changed},
    )
    return outlook


Known = dict[int, tuple[dict[str, Any], dict[str, Any]]]


def _sorted(workspace: Workspace, people: People) -> Iterator[tuple[list[str], Known]]:
    """In batches: the ids that are new, and what known people, by row, have and get; merged ones as who they became."""
    every = sorted(people)
    for start in range(0, len(every), BATCH):
        ids = every[start : start + BATCH]
        rows = Person.objects.filter(workspace=workspace, external_id__in=ids)
        who = {str(name): now or pk for pk, name, now in rows.values_list("pk", "external_id", "merged_into")}
        has = dict(Person.objects.filter(workspace=workspace, pk__in=who.values()).values_list("pk", "attributes"))
        known: Known = {}
        for one in ids:
            if (pk := who.get(one)) in has:
                known.setdefault(pk, (has[pk], {}))[1].update(people[one])
        yield [one for one in ids if one not in who], known


def _too_much(workspace: Workspace, people: People, fresh: list[str], known: Known) -> list[str]:
    news = [(one, wrong) for one in fresh if (wrong := attributes.outgrown({}, people[one]))]
    olds = {pk: attributes.outgrown(before, {**before, **after}) for pk, (before, after) in known.items()}
    names = person_names(workspace.pk, [pk for pk, wrong in olds.items() if wrong])
    return [f"{who}: {wrong}" for who, wrong in [*news, *((names[pk], olds[pk]) for pk in names)]]


def _changes(before: dict[str, Any], after: dict[str, Any]) -> bool:
    return any(name not in before or json.dumps(before[name]) != json.dumps(value) for name, value in after.items())


def _lay_over(changed: Mapping[int, Mapping[str, Any]]) -> None:
    if not changed:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE messaging_person p SET attributes = p.attributes || new.attributes, updated_at = now()
            FROM unnest(%s::bigint[], %s::jsonb[]) AS new(id, attributes) WHERE p.id = new.id""",
            [list(changed), [json.dumps(one) for one in changed.values()]],
        )
