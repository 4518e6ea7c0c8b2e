"""Issue, find and revoke keys."""

from __future__ import annotations

import hashlib
import secrets

from django.db import transaction
from django.utils import timezone

from console.models import ApiKey, KeyKind, User, Workspace
from console.services import audit

PREFIX = {KeyKind.WRITE: "wk_", KeyKind.SECRET: "sk_"}


def digest(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()


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


def find(plain: str, kind: KeyKind) -> ApiKey | None:
    """The live key of this kind, or nothing."""
    return ApiKey.objects.live().select_related("workspace").filter(digest=digest(plain), kind=kind).first()


@transaction.atomic
def revoke(key: ApiKey, *, by: User) -> None:
    """End a key. Doing it twice is doing it once."""
    if ApiKey.objects.live().filter(pk=key.pk).update(revoked_at=timezone.now()):
        audit.record(workspace=key.workspace, by=by, verb="key.revoked", target=key)
