"""People by hand: added, and their attributes changed."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.db import transaction

from console.accounts.models import User, Workspace
from console.accounts.services import audit
from messaging.common import locks
from messaging.errors import NameTaken, Outdated
from messaging.people.models import Person


def fingerprint(attributes: dict[str, Any]) -> str:
    """The same for the same attributes: tells whether they changed while somebody edited them."""
    return hashlib.blake2b(json.dumps(attributes, sort_keys=True).encode(), digest_size=12).hexdigest()


@transaction.atomic
def add(*, workspace: Workspace, by: User, external_id: str, attributes: dict[str, Any]) -> Person:
    """Raises NameTaken when somebody has this id, or had it and is another person now."""
    locks.hold_people(workspace.pk)
    if Person.objects.filter(workspace=workspace, external_id=external_id).exists():
        raise NameTaken("There is somebody with this id already: open them from the list, or choose another id.")
    person = Person.objects.create(workspace=workspace, external_id=external_id, attributes=attributes)
    audit.record(workspace=workspace, by=by, verb="person.added", target=person)
    return person


@transaction.atomic
def change(person: Person, *, by: User, attributes: dict[str, Any], seen: str) -> None:
    """`seen` is the fingerprint of what the editor saw; raises Outdated when it is something else by now."""
    locks.hold_people(person.workspace_id)
    now = Person.objects.filter(pk=person.pk, merged_into__isnull=True).first()
    if now is None or fingerprint(now.attributes) != seen:
        raise Outdated("The attributes have changed since you opened this page. Open it anew and edit them again.")
    before, now.attributes = now.attributes, attributes
    now.save(update_fields=["attributes", "updated_at"])
    names = {name for name in before.keys() | attributes.keys() if _told(before, name) != _told(attributes, name)}
    audit.record(
        workspace=person.workspace,
        by=by,
        verb="person.changed",
        target=now,
        changes={"attributes": ", ".join(sorted(names))[:1000]},
    )


def _told(attributes: dict[str, Any], name: str) -> str | None:
    return json.dumps(attributes[name], sort_keys=True) if name in attributes else None
