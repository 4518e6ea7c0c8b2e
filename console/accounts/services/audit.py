"""One row beside every change."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models

from console.accounts.models import AuditEntry, User, Workspace


def record(
    *,
    workspace: Workspace | None,
    by: User | None,
    verb: str,
    target: models.Model,
    changes: dict[str, Any] | None = None,
) -> None:
    """Write down that `by` did `verb` to `target`. Call it inside the transaction of the change."""
    AuditEntry.objects.create(
        workspace=workspace,
        actor=by,
        verb=verb,
        object_type=str(target._meta.model_name),
        object_id=str(target.pk),
        object_label=str(target)[:200],
        changes=changes or {},
    )


def forget(*, workspace_id: int, object_type: str, object_ids: Iterable[int]) -> None:
    """Keep what was done, but no longer to whom: for objects that had to be forgotten."""
    which = [str(pk) for pk in object_ids]
    AuditEntry.objects.filter(workspace=workspace_id, object_type=object_type, object_id__in=which).update(
        object_label="(erased)", changes={}
    )
