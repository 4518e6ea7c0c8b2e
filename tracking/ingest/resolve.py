"""Report -> row: whose delivery a report is of, which action it names, and whether that action is tracked.

What is known of snapshots is remembered. One question to the database for all new snapshots of a group, and one for all
its deliveries whose names are personal.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from messaging import public
from messaging.public import ActionRef, SnapshotRef
from tracking.ingest.actions import settle_action
from tracking.ingest.rejection_codes import Rejected, RejectedItem, RejectionCode
from tracking.ingest.values import IngestBatch, Item, Report, Row

MAX_KEPT = 10_000
_kept: dict[int, SnapshotRef] = {}


@dataclass(slots=True)
class Known:
    """The snapshots that some reports are of, and the actions as shown in those deliveries whose names are personal."""

    snapshots: dict[int, SnapshotRef] = field(default_factory=dict)
    rendered: dict[int, tuple[ActionRef, ...]] = field(default_factory=dict)


def recall(batches: Iterable[IngestBatch]) -> Known | None:
    """What is remembered, or None where the database must be asked: a new snapshot, or one whose names are personal."""
    known = Known()
    for report in _reports(batches):
        snapshot = _kept.get(report.delivery.snapshot_id)
        if snapshot is None or snapshot.personal:
            return None
        known.snapshots[report.delivery.snapshot_id] = snapshot
    return known


def ask(batches: Iterable[IngestBatch]) -> Known:
    """The same from the database, as far as it is not remembered."""
    deliveries = [report.delivery for report in _reports(batches)]
    ids = {delivery.snapshot_id for delivery in deliveries}
    snapshots = {snapshot_id: snapshot for snapshot_id in ids if (snapshot := _kept.get(snapshot_id))}
    new = public.snapshots(ids - snapshots.keys()) if ids - snapshots.keys() else {}
    if len(_kept) + len(new) > MAX_KEPT:
        _kept.clear()
    _kept.update(new)
    snapshots |= new
    personal = {
        d.delivery_id: d for d in deliveries if (snapshot := snapshots.get(d.snapshot_id)) and snapshot.personal
    }
    return Known(snapshots, public.rendered_actions(list(personal.values())) if personal else {})


def resolve(batches: Iterable[IngestBatch], known: Known) -> None:
    """Fill in the rows of reports; a report of what is not there, or not tracked, becomes a rejection in its place."""
    for batch in batches:
        for place, item in enumerate(batch.items):
            if isinstance(item, Item) and item.report is not None:
                try:
                    _report(item.row, item.report, known)
                except Rejected as refused:
                    batch.items[place] = RejectedItem(refused.code, refused.detail, item.raw, item.message_id)


def forget() -> None:
    _kept.clear()


def _reports(batches: Iterable[IngestBatch]) -> list[Report]:
    return [item.report for batch in batches for item in batch.items if isinstance(item, Item) and item.report]


def _report(row: Row, report: Report, known: Known) -> None:
    delivery = report.delivery
    if delivery.workspace_id != row.workspace_id:
        raise Rejected(RejectionCode.FOREIGN_DELIVERY)
    snapshot = known.snapshots.get(delivery.snapshot_id)
    if snapshot is None:
        raise Rejected(RejectionCode.UNKNOWN_DELIVERY)
    if snapshot.workspace_id != row.workspace_id:
        raise Rejected(RejectionCode.FOREIGN_DELIVERY)
    told = settle_action(report, known.rendered.get(delivery.delivery_id) if snapshot.personal else snapshot.actions)
    row.kind, row.reason, row.value = told.kind, told.reason, told.value
    row.action_id, row.name = told.action_id, told.name
    row.person_id, row.delivery_id, row.snapshot_id = delivery.person_id, delivery.delivery_id, delivery.snapshot_id
    row.source_kind, row.source_id, row.message_id = snapshot.source_kind, snapshot.source_id, snapshot.message_id
    row.test, row.personal = delivery.test, snapshot.personal
