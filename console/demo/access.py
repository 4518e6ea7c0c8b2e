"""The demo workspace, its owner and its keys. Keys are hashed in the database, so the plain ones are kept beside it."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

from django.db import transaction

from console.models import ApiKey, KeyKind, Membership, Role, User, Workspace
from console.services import audit, keys
from console.supervisor import notes

SLUG, NAME, EMAIL = "demo", "Pica Notes", "demo@example.com"
KEY_NAMES = {KeyKind.WRITE: "Sample app", KeyKind.SECRET: "Demo server"}


@transaction.atomic
def make_workspace() -> Workspace | None:
    """The demo workspace, made when there is no workspace at all; None when somebody has deleted it since."""
    if Workspace.objects.exists():
        return Workspace.objects.filter(slug=SLUG).first()
    workspace = Workspace.objects.create(name=NAME, slug=SLUG)
    owner = User.objects.filter(email=EMAIL).first() or User.objects.create_superuser(
        EMAIL, first_name="Dee", last_name="Mo"
    )
    Membership.objects.create(workspace=workspace, user=owner, role=Role.OWNER)
    audit.record(workspace=workspace, by=owner, verb="workspace.created", target=workspace)
    return workspace


def keep_credentials(workspace: Workspace, path: Path) -> dict[str, Any]:
    """Make `path` (mode 600) hold keys that work, and the password unless its owner has chosen another."""
    kept = notes.read(path)
    owner = User.objects.get(email=EMAIL)
    current = {
        "email": EMAIL,
        "password": password_of(owner, kept),
        "write_key": key_of(workspace, KeyKind.WRITE, kept.get("write_key")),
        "api_key": key_of(workspace, KeyKind.SECRET, kept.get("api_key")),
    }
    if current != kept:
        notes.write_private(path, current)
    return current


def password_of(owner: User, kept: dict[str, Any]) -> str | None:
    """The kept password while it works; a new one when it is gone; None when its owner has chosen another."""
    if "password" in kept:
        works = kept["password"] is not None and owner.check_password(kept["password"])
        return str(kept["password"]) if works else None
    fresh = "-".join(secrets.token_hex(2) for _ in range(3))
    owner.set_password(fresh)
    owner.save(update_fields=["password"])
    return fresh


def key_of(workspace: Workspace, kind: KeyKind, kept: Any) -> str:
    """The kept key while it works; else a new one, and the lost one of that name is revoked."""
    if isinstance(kept, str) and (found := keys.find(kept, kind)) and found.workspace_id == workspace.pk:
        return kept
    owner = User.objects.get(email=EMAIL)
    for lost in ApiKey.objects.of(workspace).live().filter(kind=kind, name=KEY_NAMES[kind]):
        keys.revoke(lost, by=owner)
    return keys.issue(workspace=workspace, kind=kind, name=KEY_NAMES[kind], by=owner)[1]
