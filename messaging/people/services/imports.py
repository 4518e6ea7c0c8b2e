"""People from a sheet: what an import would do, and doing it. All or nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db import connection, transaction

from console.accounts.models import User, Workspace
from console.accounts.services import audit
from console.common.errors import Conflict
from messaging.common import locks
from messaging.people import attributes
from messaging.people.models import Person
from messaging.people.people_csv import Errors
from messaging.people.services.people import names as person_names

People = Iterable[tuple[str, Mapping[str, Any]]]
"""Ids and attributes, each id once; taken in batches, so that they need not all be in memory."""
BATCH = 2000


@dataclass
class Outlook:
    new: int = 0
    changed: int = 0
    same: int = 0
    too_much: Errors = field(default_factory=Errors)
    """Whose attributes would exceed a limit, and which; then nobody is imported."""

    @property
    def people(self) -> int:
        return self.new + self.changed + self.same


def look(workspace: Workspace, people: People) -> Outlook:
    """What applying it would do now. Raises what reading the people raises."""
    outlook = Outlook()
    for fresh, known in _in_batches(workspace, people):
        for what in _too_much(workspace, fresh, known):
            outlook.too_much.add(0, what)
        outlook.new += len(fresh)
        changed = sum(_changes(before, after) for before, after in known.values())
        outlook.changed += changed
        outlook.same += len(known) - changed
    return outlook


@transaction.atomic
def apply(*, workspace: Workspace, by: User, people: People) -> Outlook:
    """Add who is new, and lay the attributes over those of who is known; what a sheet leaves empty stays.

    Raises Conflict where somebody would have too much, and what reading the people raises.
    """
    locks.hold_people(workspace.pk)
    outlook = Outlook()
    for fresh, known in _in_batches(workspace, people):
        for wrong in _too_much(workspace, fresh, known):
            raise Conflict(wrong)
        Person.objects.bulk_create(
            Person(workspace=workspace, external_id=one, attributes=dict(has)) for one, has in fresh.items()
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


Fresh = dict[str, Mapping[str, Any]]
Known = dict[int, tuple[dict[str, Any], dict[str, Any]]]


def _in_batches(workspace: Workspace, people: People) -> Iterator[tuple[Fresh, Known]]:
    """Who is new, by id, and what known people, by row, have and get; merged ones as who they became."""
    left = iter(people)
    while batch := dict(islice(left, BATCH)):
        rows = Person.objects.filter(workspace=workspace, external_id__in=batch)
        who = {str(name): now or pk for pk, name, now in rows.values_list("pk", "external_id", "merged_into")}
        has = dict(Person.objects.filter(workspace=workspace, pk__in=who.values()).values_list("pk", "attributes"))
        known: Known = {}
        for one, given in batch.items():
            if (pk := who.get(one)) in has:
                known.setdefault(pk, (has[pk], {}))[1].update(given)
        yield {one: given for one, given in batch.items() if one not in who}, known


def _too_much(workspace: Workspace, fresh: Fresh, known: Known) -> Iterator[str]:
    for one, given in fresh.items():
        if wrong := attributes.outgrown({}, given):
            yield f"{one}: {wrong}"
    olds = {pk: attributes.outgrown(before, {**before, **after}) for pk, (before, after) in known.items()}
    for pk, name in person_names(workspace.pk, [pk for pk, wrong in olds.items() if wrong]).items():
        yield f"{name}: {olds[pk]}"


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
