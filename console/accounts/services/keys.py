"""Issue, find and revoke keys."""

from __future__ import annotations

import secrets

from django.db import transaction
from django.utils import timezone

from console.accounts import keyring
from console.accounts.credentials import LONGEST, SECRET, WRITE, digest
from console.accounts.keyring import Holder
from console.accounts.models import ApiKey, KeyKind, User, Workspace
from console.accounts.services import audit
from console.runtime import announce

PREFIX = {KeyKind.WRITE: WRITE, KeyKind.SECRET: SECRET}


@transaction.atomic
def issue(*, workspace: Workspace, kind: KeyKind, name: str, by: User | None) -> tuple[ApiKey, str]:
    """Make a key; the second value is the key itself, which is never to be had again."""
    plain = PREFIX[kind] + secrets.token_hex(24)
    key = ApiKey(
        workspace=workspace,
        kind=kind,
        name=name,
        digest=digest(plain),
        hint=f"{plain[:6]}…{plain[-4:]}",
        created_by=by,
    )
    key.full_clean(exclude=["created_by"])  # nobody: the command line
    key.save()
    audit.record(workspace=workspace, by=by, verb="key.issued", target=key, changes={"kind": kind.value})
    return key, plain


def find(plain: str, kind: KeyKind | None = None) -> ApiKey | None:
    """The live key of this kind (of any), or nothing."""
    if len(plain) > LONGEST:
        return None
    live = ApiKey.objects.live().select_related("workspace").filter(digest=digest(plain))
    return (live.filter(kind=kind) if kind else live).first()


def holder(plain: str) -> Holder | None:
    """What a live key opens, from the database; event loops ask their keyring."""
    key = find(plain)
    return holder_of(key) if key else None


def holder_of(key: ApiKey) -> Holder:
    names = key.workspace.write_key_attributes
    return Holder(
        key.workspace_id,
        key.kind == KeyKind.SECRET,
        key.workspace.signed_people_only,
        None if names is None else frozenset(names),
    )


@transaction.atomic
def revoke(key: ApiKey, *, by: User) -> None:
    """End a key. Doing it twice is doing it once."""
    if ApiKey.objects.live().filter(pk=key.pk).update(revoked_at=timezone.now()):
        audit.record(workspace=key.workspace, by=by, verb="key.revoked", target=key)
        transaction.on_commit(changed)


def changed() -> None:
    """Tell every process to look at its keys again now."""
    announce.publish(keyring.CHANNEL, "changed")
