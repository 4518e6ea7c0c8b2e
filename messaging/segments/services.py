"""Segments: named sets of people."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from console.accounts.models import User, Workspace
from console.accounts.services import audit
from messaging.errors import InUse, NameTaken
from messaging.people.models import Person
from messaging.rules import read, where
from messaging.segments.models import Segment


def reach(workspace: Workspace, rules: Any) -> int:
    return Person.objects.of(workspace).filter(where(read(rules))).count()


def save(
    segment: Segment | None, *, workspace: Workspace, by: User | None, name: str, rules: dict[str, Any]
) -> Segment:
    """Make one, or change this one. Raises BadRules, NameTaken."""
    read(rules)
    verb = "segment.changed" if segment else "segment.created"
    kept = segment or Segment(workspace=workspace)
    before = {"name": kept.name, "rules": kept.rules}
    kept.name, kept.rules = name, rules
    try:
        with transaction.atomic():
            kept.save()
            audit.record(workspace=workspace, by=by, verb=verb, target=kept, changes={"rules": rules})
    except IntegrityError:
        kept.name, kept.rules = before["name"], before["rules"]
        raise NameTaken("Another segment has this name; choose a different one.") from None
    return kept


@transaction.atomic
def delete(segment: Segment, *, by: User | None) -> None:
    """Raises InUse, naming the broadcasts that need it."""
    pk = segment.pk
    try:
        with transaction.atomic():
            segment.delete()
    except ProtectedError as error:
        users = sorted(error.protected_objects, key=lambda user: -user.pk)[:3]
        named = ", ".join(f"“{user}”" for user in users)
        raise InUse(f"“{segment}” is used by {named}, so it cannot be deleted. Its results would lose it.") from None
    segment.pk = pk
    audit.record(workspace=segment.workspace, by=by, verb="segment.deleted", target=segment)
