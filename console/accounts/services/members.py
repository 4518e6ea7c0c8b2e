"""Who belongs to a workspace. It never loses its last owner: changes of owners take turns on the workspace's row."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from console.accounts.models import Invitation, Membership, Role, User, Workspace
from console.accounts.services import audit
from console.common.errors import Conflict


class LastOwner(Conflict):
    """Somebody else has to be an owner first."""

    def __init__(self) -> None:
        super().__init__("A workspace needs an owner. Make somebody else an owner first.")


class AlreadyMember(Conflict):
    def __init__(self, email: str) -> None:
        super().__init__(f"{email} is a member already. Change the role in the list.")


@transaction.atomic
def add(*, workspace: Workspace, user: User, role: Role, by: User | None) -> Membership:
    """Make somebody a member; `console.accounts.services.invitations` is how they come to agree."""
    try:
        with transaction.atomic():
            membership = Membership.objects.create(workspace=workspace, user=user, role=role)
    except IntegrityError as error:
        raise AlreadyMember(user.email) from error
    audit.record(workspace=workspace, by=by, verb="member.added", target=membership, changes={"role": role.value})
    return membership


@transaction.atomic
def change_role(membership: Membership, *, role: Role, by: User | None) -> None:
    kept = _turn(membership)
    if kept.role == role:
        return
    if kept.role == Role.OWNER:
        _other_owner_than(kept)
        _end_invitations_of(kept)
    before, kept.role = kept.role, role
    kept.save(update_fields=["role"])
    audit.record(
        workspace=kept.workspace,
        by=by,
        verb="member.role_changed",
        target=kept,
        changes={"role": [str(before), role.value]},
    )


@transaction.atomic
def remove(membership: Membership, *, by: User | None) -> None:
    """End a membership, one's own too. The account stays."""
    kept = _turn(membership)
    if kept.role == Role.OWNER:
        _other_owner_than(kept)
        _end_invitations_of(kept)
    verb = "member.left" if by == kept.user else "member.removed"
    audit.record(workspace=kept.workspace, by=by, verb=verb, target=kept, changes={"role": str(kept.role)})
    kept.delete()


def _turn(membership: Membership) -> Membership:
    """The membership as it is once nobody else is changing this workspace's members."""
    Workspace.objects.select_for_update(no_key=True).get(pk=membership.workspace_id)
    kept = Membership.objects.select_related("workspace", "user").filter(pk=membership.pk).first()
    if kept is None:
        raise Conflict("That person is no member any more.")
    return kept


def _end_invitations_of(owner: Membership) -> None:
    """What an owner who is none any more has begun, nobody finishes."""
    Invitation.objects.filter(workspace=owner.workspace_id, invited_by=owner.user_id).delete()


def _other_owner_than(membership: Membership) -> None:
    others = Membership.objects.filter(workspace=membership.workspace_id, role=Role.OWNER, user__is_active=True)
    if not others.exclude(pk=membership.pk).exists():
        raise LastOwner
