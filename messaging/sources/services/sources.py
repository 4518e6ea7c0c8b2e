"""Sources as metrics need them."""

from __future__ import annotations

from collections import defaultdict

from messaging.snapshots import services as uses
from messaging.snapshots.models import Use
from messaging.sources.registry import all_types, by_kind
from messaging.values import Source, UseRef


def one(workspace_id: int, kind: int, source_id: int) -> Source | None:
    found = [source for source in _all(workspace_id, kind, source_id) if source.id == source_id]
    return found[0] if found else None


def every(workspace_id: int) -> list[Source]:
    """All of them, broadcasts first, the newest first."""
    return [source for kind in all_types() for source in _all(workspace_id, kind.kind)]


def _all(workspace_id: int, kind: int, source_id: int | None = None) -> list[Source]:
    known = by_kind(kind)
    if known is None:
        return []
    rows = known.rows().filter(workspace=workspace_id).order_by("-pk")
    its_uses = Use.objects.filter(workspace=workspace_id, source_kind=kind)
    if source_id is not None:
        rows, its_uses = rows.filter(pk=source_id), its_uses.filter(source_id=source_id)
    by_source: dict[int, list[UseRef]] = defaultdict(list)
    for use in its_uses.select_related("message", "version").order_by("pk"):
        by_source[use.source_id].append(uses.ref(use))
    return [
        Source(workspace_id, kind, pk, name, status, started_at, tuple(by_source[pk]))
        for pk, name, status, started_at in rows.values_list("pk", "name", "status", "started_at")
    ]
