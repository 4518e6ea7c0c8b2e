"""People: as they are now, under which names, and forgetting them."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection
from django.db.models import BigIntegerField, F, Q, QuerySet
from django.db.models.functions import Coalesce

from console.accounts.models import Workspace
from messaging.people.models import AnonymousId, Person
from messaging.rules import read, where
from messaging.values import PersonIdentifiers


def canonical(workspace_id: int, people: Collection[int]) -> dict[int, int]:
    """Who each of these is now: themselves, or whom they were merged into."""
    found = Person.objects.filter(workspace=workspace_id, pk__in=people).annotate(
        now=Coalesce("merged_into", "pk", output_field=BigIntegerField())
    )
    return dict(found.values_list("pk", "now"))


def names(workspace_id: int, people: Collection[int]) -> dict[int, str]:
    """What to call each of these: the id of whoever they are now."""
    if not people:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT p.id, COALESCE(now.external_id, p.external_id, 'anonymous ' || COALESCE(now.id, p.id))
            FROM messaging_person p
            LEFT JOIN messaging_person now ON now.id = p.merged_into AND now.workspace_id = p.workspace_id
            WHERE p.workspace_id = %s AND p.id = ANY(%s::bigint[])""",
            [workspace_id, list(people)],
        )
        return dict(cursor.fetchall())


def person_identifiers(workspace_id: int, people: Collection[int]) -> dict[int, PersonIdentifiers]:
    """Each of these as whoever they are now; the e-mail address is the attribute `email`, where that is a text."""
    now = canonical(workspace_id, people)
    rows = Person.objects.filter(workspace=workspace_id, pk__in=set(now.values()))
    found = {
        pk: PersonIdentifiers(pk, external_id, email if isinstance(email, str) else None)
        for pk, external_id, email in rows.values_list("pk", "external_id", "attributes__email")
    }
    return {person: found[kept] for person, kept in now.items() if kept in found}


def external_ids(workspace_id: int, people: Collection[int]) -> list[str]:
    """The ids of those who are known."""
    if not people:
        return []
    known = Person.objects.filter(workspace=workspace_id, pk__in=people, external_id__isnull=False)
    return [external_id for external_id in known.values_list("external_id", flat=True) if external_id]


def family(workspace_id: int, person_id: int) -> list[int]:
    """The person, by any of their row ids, and all who were merged into them; the person first."""
    now = canonical(workspace_id, [person_id]).get(person_id)
    if now is None:
        return []
    rows = Person.objects.filter(Q(pk=now) | Q(merged_into=now), workspace=workspace_id)
    return list(rows.order_by(F("merged_into").asc(nulls_first=True), "pk").values_list("pk", flat=True))


def known_as(workspace_id: int, person_id: int) -> tuple[list[str], list[str]]:
    """The external ids and the browsers of the person and of those merged into them."""
    rows = family(workspace_id, person_id)
    users = Person.objects.filter(workspace=workspace_id, pk__in=rows, external_id__isnull=False)
    browsers = AnonymousId.objects.filter(workspace=workspace_id, person__in=rows)
    return (
        [str(one) for one in users.values_list("external_id", flat=True)],
        list(browsers.values_list("anonymous_id", flat=True)),
    )


def search(workspace: Workspace, q: str) -> QuerySet[Person]:
    """By a part of the id, or of the attribute `email` where it is an address; or by `attribute=value` (or an id that
    looks so); the newest first."""
    everyone = Person.objects.of(workspace).order_by("-pk")
    name, equals, value = (part.strip() for part in q.partition("="))
    if equals and name and value and not value.endswith("="):  # as what is written in base64 does
        rules = read({"all": [{"attribute": name[:150], "op": "is", "value": value}]})
        return everyone.filter(where(rules) | Q(external_id=q))
    if "@" in q:
        return everyone.filter(Q(external_id__icontains=q) | Q(attributes__email__icontains=q))
    return everyone.filter(external_id__icontains=q) if q else everyone
