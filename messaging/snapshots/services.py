"""Snapshots: a version of a message with its properties filled in, in one source. Made once, immutable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any

import msgspec
from django.db import transaction

from console.accounts.models import Workspace
from messaging import content as contents
from messaging.common import locks
from messaging.common.source_kinds import SourceKind
from messaging.messages.models import MessageVersion
from messaging.snapshots import naming
from messaging.snapshots.models import Snapshot
from messaging.values import ActionRef, SnapshotRef


@transaction.atomic
def snapshot_for(
    source_kind: SourceKind | int,
    source_id: int,
    version: MessageVersion,
    properties: Mapping[str, Any],
    workspace: Workspace,
) -> Snapshot:
    """The snapshot of this version with these properties here, found or made. Raises BadTemplate."""
    locks.hold_snapshot(int(source_kind), source_id)
    same = {"workspace": workspace, "source_kind": int(source_kind), "source_id": source_id, "version": version}
    found = Snapshot.objects.filter(**same, properties=dict(properties)).order_by("pk").first()
    if found is not None:
        return found
    content = contents.read(version.content)
    return Snapshot.objects.create(
        **same,
        message_id=version.message_id,
        properties=dict(properties),
        actions=[asdict(action) for action in naming.actions(content, properties)],
        personal=naming.personal(content, properties),
    )


def ref(snapshot: Snapshot) -> SnapshotRef:
    """Frozen; wants `message` and `version` selected."""
    return SnapshotRef(
        id=snapshot.pk,
        workspace_id=snapshot.workspace_id,
        source_kind=snapshot.source_kind,
        source_id=snapshot.source_id,
        message_id=snapshot.message_id,
        message_name=snapshot.message.name,
        version=snapshot.version.number,
        personal=snapshot.personal,
        actions=msgspec.convert(snapshot.actions, tuple[ActionRef, ...]),
    )


def refs(ids: Iterable[int]) -> dict[int, SnapshotRef]:
    return {
        snapshot.pk: ref(snapshot)
        for snapshot in Snapshot.objects.filter(pk__in=list(ids)).select_related("message", "version")
    }


def rendered_actions(snapshot: SnapshotRef, rendered: Any) -> tuple[ActionRef, ...]:
    """The snapshot's actions with the names and texts that one person saw."""
    saw = {action.id: action for _, action in contents.actions_of(contents.read(rendered))}
    return tuple(
        replace(action, name=saw[action.id].name, text=saw[action.id].text, value=saw[action.id].value)
        for action in snapshot.actions
        if action.id in saw
    )
