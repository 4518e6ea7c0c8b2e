"""Drafts of sources: made from another one, and deleted. The same for every kind."""

from __future__ import annotations

from django.db import transaction

from console.accounts.models import User
from console.accounts.services import audit
from messaging.common import unique_names
from messaging.errors import IllegalMove
from messaging.snapshots.models import Snapshot
from messaging.sources.models import Source
from messaging.sources.registry import type_of


def duplicate(source: Source, *, by: User | None) -> Source:
    """A draft with all that was chosen, but the date, under a free name. Raises NameTaken (somebody was faster)."""
    kind = type_of(source)
    taken = set(kind.rows().filter(workspace=source.workspace).values_list("name", flat=True))
    fields = {name: getattr(source, name) for name in source.COPIED}
    named = {"workspace": source.workspace, "by": by, "name": unique_names.copy_name(source.name, taken)}
    return kind.create(**named, **fields)


@transaction.atomic
def delete(source: Source, *, by: User | None) -> None:
    """Only a draft: what was started has results, which would lose their source. Raises IllegalMove."""
    kind, pk = type_of(source), source.pk
    if not kind.rows().filter(pk=pk, status=source.DRAFT).delete()[0]:
        raise IllegalMove(source, "deleted")
    Snapshot.objects.filter(workspace=source.workspace, source_kind=kind.kind, source_id=pk).delete()
    audit.record(workspace=source.workspace, by=by, verb=f"{kind.model._meta.model_name}.deleted", target=source)
