"""Every change of a workspace, its members, invitations and keys stands in the audit log, and never without it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from console.accounts.models import ApiKey, AuditEntry, Invitation, KeyKind, Membership, Role
from console.accounts.services import audit, invitations, keys, members, workspaces
from tests.console.cast import Cast
from tests.people import make_user
from tests.rows import all_rows


def membership(cast: Cast, name: str = "ann") -> Membership:
    return Membership.objects.get(workspace=cast.workspace, user=getattr(cast, name))


def key(cast: Cast) -> ApiKey:
    return keys.issue(workspace=cast.workspace, kind=KeyKind.WRITE, name="web", by=None)[0]


def invitation(cast: Cast) -> Invitation:
    invitations.invite(workspace=cast.workspace, email="new@example.org", role=Role.VIEWER, by=cast.alice)
    return Invitation.objects.get()


# The verb, what is done to, and the change; alice makes it.
CHANGES: dict[str, tuple[Callable[[Cast], Any], Callable[[Cast, Any], object]]] = {
    "member.added": (
        lambda cast: make_user("new"),
        lambda cast, user: members.add(workspace=cast.workspace, user=user, role=Role.AUTHOR, by=cast.alice),
    ),
    "member.role_changed": (
        membership,
        lambda cast, one: members.change_role(one, role=Role.VIEWER, by=cast.alice),
    ),
    "member.removed": (membership, lambda cast, one: members.remove(one, by=cast.alice)),
    "member.invited": (
        lambda cast: None,
        lambda cast, _: invitations.invite(
            workspace=cast.workspace, email="new@example.org", role=Role.VIEWER, by=cast.alice
        ),
    ),
    "invitation.withdrawn": (invitation, lambda cast, one: invitations.withdraw(one, by=cast.alice)),
    "key.issued": (
        lambda cast: None,
        lambda cast, _: keys.issue(workspace=cast.workspace, kind=KeyKind.SECRET, name="server", by=cast.alice),
    ),
    "key.revoked": (key, lambda cast, one: keys.revoke(one, by=cast.alice)),
    "workspace.created": (lambda cast: None, lambda cast, _: workspaces.create(name="New", by=cast.alice)),
    "workspace.changed": (
        lambda cast: None,
        lambda cast, _: workspaces.update(cast.workspace, by=cast.alice, name="Other"),
    ),
}


@pytest.mark.parametrize("verb", CHANGES)
def test_a_change_stands_in_the_audit_log_with_who_made_it_and_where(verb: str, cast: Cast) -> None:
    make, change = CHANGES[verb]
    target = make(cast)
    AuditEntry.objects.all().delete()
    change(cast, target)
    [entry] = AuditEntry.objects.all()
    assert (entry.verb, entry.actor) == (verb, cast.alice)
    assert entry.workspace is not None
    assert (entry.workspace == cast.workspace) == (verb != "workspace.created")


@pytest.mark.parametrize("verb", CHANGES)
def test_a_change_that_cannot_be_written_down_is_not_made(
    verb: str, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, change = CHANGES[verb]
    target = make(cast)
    before = all_rows("console")

    def full(**_: Any) -> None:
        raise OSError("The disk is full.")

    monkeypatch.setattr(audit, "record", full)
    with pytest.raises(OSError, match="The disk is full"):
        change(cast, target)
    assert all_rows("console") == before


@pytest.mark.parametrize(
    ("verb", "changes"),
    [
        ("member.added", {"role": "author"}),
        ("member.role_changed", {"role": ["author", "viewer"]}),
        ("member.removed", {"role": "author"}),
        ("member.invited", {"role": "viewer"}),
        ("key.issued", {"kind": "secret"}),
        ("workspace.changed", {"name": ["Acme", "Other"]}),
    ],
)
def test_the_audit_log_says_what_changed(verb: str, changes: dict[str, Any], cast: Cast) -> None:
    make, change = CHANGES[verb]
    change(cast, make(cast))
    assert AuditEntry.objects.filter(verb=verb).latest("pk").changes == changes


def test_who_leaves_is_told_from_who_is_removed(cast: Cast) -> None:
    members.remove(membership(cast), by=cast.ann)
    assert AuditEntry.objects.latest("pk").verb == "member.left"


@pytest.mark.parametrize(
    "change",
    [
        lambda cast: members.change_role(membership(cast), role=Role.AUTHOR, by=cast.ann),
        lambda cast: keys.revoke(revoked(cast), by=cast.ann),
        lambda cast: invitations.withdraw(withdrawn(cast), by=cast.ann),
        lambda cast: workspaces.update(cast.workspace, by=cast.ann, name=cast.workspace.name),
    ],
    ids=["the same role", "a revoked key", "a withdrawn invitation", "the same name"],
)
def test_what_changes_nothing_is_not_written_down(change: Callable[[Cast], object], cast: Cast) -> None:
    change(cast)
    assert not AuditEntry.objects.filter(actor=cast.ann).exists()


def revoked(cast: Cast) -> ApiKey:
    one = key(cast)
    keys.revoke(one, by=cast.alice)
    return one


def withdrawn(cast: Cast) -> Invitation:
    one = invitation(cast)
    kept = Invitation.objects.get(pk=one.pk)
    invitations.withdraw(one, by=cast.alice)
    return kept
