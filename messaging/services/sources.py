"""Broadcasts and campaigns as metrics need them."""

from __future__ import annotations

from collections import defaultdict

from messaging.models import Broadcast, Campaign, SourceKind, Use
from messaging.services import uses
from messaging.values import Source, UseRef


def one(workspace_id: int, kind: int, source_id: int) -> Source | None:
    found = [source for source in _all(workspace_id, kind, source_id) if source.id == source_id]
    return found[0] if found else None


def every(workspace_id: int) -> list[Source]:
    """All of them, broadcasts first, the newest first."""
    return _all(workspace_id, SourceKind.BROADCAST) + _all(workspace_id, SourceKind.CAMPAIGN)


def _all(workspace_id: int, kind: int, source_id: int | None = None) -> list[Source]:
    if kind not in SourceKind.values:
        return []
    model: type[Broadcast] | type[Campaign] = Broadcast if kind == SourceKind.BROADCAST else Campaign
    rows = model.objects.filter(workspace=workspace_id).order_by("-pk")
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
