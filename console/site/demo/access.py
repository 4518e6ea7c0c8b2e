"""The demo workspace, its owner and its keys. Keys are hashed in the database, so the plain ones are kept beside it.

They are made together with the workspace, once. A host that has no copy of them leaves them alone: it may be a second
host, or a container whose data folder is new. `manage.py replace_demo_credentials` makes new ones.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

from django.db import transaction

from console.accounts.models import ApiKey, KeyKind, Membership, Role, User, Workspace
from console.accounts.services import audit, keys
from console.runtime.supervisor import state_files

SLUG, NAME, EMAIL = "demo", "Pica Notes", "demo@example.com"
FILE = "demo.json"
KEY_NAMES = {KeyKind.WRITE: "Sample app", KeyKind.SECRET: "Demo server"}


class NoDemo(LookupError):
    """There is no demo workspace."""


@transaction.atomic
def make_workspace(path: Path) -> Workspace | None:
    """The demo workspace, made with its credentials when there is no workspace at all; None when it was deleted since.

    The file is written before the transaction ends: whoever is killed in between begins again.
    """
    if Workspace.objects.exists():
        return Workspace.objects.filter(slug=SLUG).first()
    workspace = Workspace.objects.create(name=NAME, slug=SLUG)
    owner = User.objects.filter(email=EMAIL).first() or User.objects.create_superuser(
        EMAIL, first_name="Dee", last_name="Mo"
    )
    Membership.objects.create(workspace=workspace, user=owner, role=Role.OWNER)
    audit.record(workspace=workspace, by=owner, verb="workspace.created", target=workspace)
    state_files.write_private(path, new_credentials(workspace, owner))
    return workspace


def credentials(workspace: Workspace, path: Path) -> dict[str, Any]:
    """Of those kept in `path`, the ones that still work; the others are taken out of the file."""
    kept = state_files.read(path)
    if not kept:
        return {}
    owner = User.objects.filter(email=EMAIL).first()
    password = kept.get("password")
    works = owner is not None and isinstance(password, str) and owner.check_password(password)
    current = {
        "email": EMAIL,
        "password": password if works else None,
        "write_key": live_key(workspace, KeyKind.WRITE, kept.get("write_key")),
        "api_key": live_key(workspace, KeyKind.SECRET, kept.get("api_key")),
    }
    if current != kept:
        state_files.write_private(path, current)
    return current


@transaction.atomic
def replace_credentials(path: Path) -> None:
    """A new password and new keys; the old ones end. Raises NoDemo."""
    workspace, owner = Workspace.objects.filter(slug=SLUG).first(), User.objects.filter(email=EMAIL).first()
    if workspace is None or owner is None:
        raise NoDemo("There is no demo workspace with its owner in this database.")
    for lost in ApiKey.objects.of(workspace).live().filter(name__in=KEY_NAMES.values()):
        keys.revoke(lost, by=owner)
    state_files.write_private(path, new_credentials(workspace, owner))


def new_credentials(workspace: Workspace, owner: User) -> dict[str, Any]:
    password = "-".join(secrets.token_hex(2) for _ in range(3))
    owner.set_password(password)
    owner.save(update_fields=["password"])
    write, api = (
        keys.issue(workspace=workspace, kind=kind, name=KEY_NAMES[kind], by=owner)[1]
        for kind in (KeyKind.WRITE, KeyKind.SECRET)
    )
    return {"email": EMAIL, "password": password, "write_key": write, "api_key": api}


def live_key(workspace: Workspace, kind: KeyKind, kept: Any) -> str | None:
    found = keys.find(kept, kind) if isinstance(kept, str) else None
    return str(kept) if found is not None and found.workspace_id == workspace.pk else None
