"""Open a workspace and set it up."""

from __future__ import annotations

import secrets
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from console.accounts.models import Membership, Role, User, Workspace
from console.accounts.services import audit, keys

TAKEN = {"new", "admin", "api"}  # addresses that could be mistaken for pages of ours


@transaction.atomic
def create(*, name: str, by: User) -> Workspace:
    """A workspace owned by whoever makes it, under an address made of its name."""
    workspace = _insert(name)
    Membership.objects.create(workspace=workspace, user=by, role=Role.OWNER)
    audit.record(workspace=workspace, by=by, verb="workspace.created", target=workspace)
    return workspace


def _insert(name: str) -> Workspace:
    stem = slugify(name)[:50] or "workspace"
    for slug in [stem, *(f"{stem}-{secrets.token_hex(2)}" for _ in range(5))]:
        if slug in TAKEN:
            continue
        try:
            with transaction.atomic():
                return Workspace.objects.create(name=name, slug=slug)
        except IntegrityError:
            continue
    raise RuntimeError(f"No free address was found for {stem}.")


@transaction.atomic
def update(workspace: Workspace, *, by: User, **values: Any) -> dict[str, Any]:
    """Set what differs of name, retention_days, signed_people_only; returns {field: [before, after]}."""
    kept = Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
    changes = {name: [getattr(kept, name), value] for name, value in values.items() if getattr(kept, name) != value}
    if changes:
        for name, (_, value) in changes.items():
            setattr(kept, name, value)
        kept.full_clean()
        kept.save(update_fields=list(changes))
        audit.record(workspace=kept, by=by, verb="workspace.changed", target=kept, changes=changes)
        transaction.on_commit(keys.changed)
    return changes
