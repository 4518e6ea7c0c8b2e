"""Uses: a version of a message with its properties filled in, in one broadcast or campaign. Made once, immutable."""

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
from messaging.snapshots.models import Use
from messaging.values import ActionRef, UseRef


@transaction.atomic
def use_for(
    source_kind: SourceKind | int,
    source_id: int,
    version: MessageVersion,
    properties: Mapping[str, Any],
    workspace: Workspace,
) -> Use:
    """The use of this version with these properties here, found or made. Raises BadTemplate."""
    locks.hold_use(int(source_kind), source_id)
    same = {"workspace": workspace, "source_kind": int(source_kind), "source_id": source_id, "version": version}
    found = Use.objects.filter(**same, properties=dict(properties)).order_by("pk").first()
    if found is not None:
        return found
    content = contents.read(version.content)
    return Use.objects.create(
        **same,
        message_id=version.message_id,
        properties=dict(properties),
        actions=[asdict(action) for action in naming.actions(content, properties)],
        personal=naming.personal(content, properties),
    )


def ref(use: Use) -> UseRef:
    """Frozen; wants `message` and `version` selected."""
    return UseRef(
        id=use.pk,
        workspace_id=use.workspace_id,
        source_kind=use.source_kind,
        source_id=use.source_id,
        message_id=use.message_id,
        message_name=use.message.name,
        version=use.version.number,
        personal=use.personal,
        actions=msgspec.convert(use.actions, tuple[ActionRef, ...]),
    )


def refs(ids: Iterable[int]) -> dict[int, UseRef]:
    return {use.pk: ref(use) for use in Use.objects.filter(pk__in=list(ids)).select_related("message", "version")}


def rendered_actions(use: UseRef, rendered: Any) -> tuple[ActionRef, ...]:
    """The use's actions with the names and texts that one person saw."""
    saw = {action.id: action for _, action in contents.actions_of(contents.read(rendered))}
    return tuple(
        replace(action, name=saw[action.id].name, text=saw[action.id].text, value=saw[action.id].value)
        for action in use.actions
        if action.id in saw
    )
