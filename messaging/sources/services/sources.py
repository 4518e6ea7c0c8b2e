"""Sources as metrics need them."""

from __future__ import annotations

from collections import defaultdict

from messaging.snapshots import services as snapshots
from messaging.snapshots.models import Snapshot
from messaging.sources.registry import all_types, by_kind
from messaging.values import SnapshotRef, Source


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
    its_snapshots = Snapshot.objects.filter(workspace=workspace_id, source_kind=kind)
    if source_id is not None:
        rows, its_snapshots = rows.filter(pk=source_id), its_snapshots.filter(source_id=source_id)
    by_source: dict[int, list[SnapshotRef]] = defaultdict(list)
    for snapshot in its_snapshots.select_related("message", "version").order_by("pk"):
        by_source[snapshot.source_id].append(snapshots.ref(snapshot))
    return [
        Source(workspace_id, kind, pk, name, status, started_at, tuple(by_source[pk]))
        for pk, name, status, started_at in rows.values_list("pk", "name", "status", "started_at")
    ]
