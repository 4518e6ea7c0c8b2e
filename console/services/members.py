"""Who belongs to a workspace. It never loses its last owner: changes of owners take turns on the workspace's row."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from console.errors import Conflict
from console.models import Membership, Role, User, Workspace
from console.services import audit


class LastOwner(Conflict):
    """Somebody else has to be an owner first."""

    def __init__(self) -> None:
        super().__init__("A workspace needs an owner. Make somebody else an owner first.")


class AlreadyMember(Conflict):
    def __init__(self, email: str) -> None:
        super().__init__(f"{email} is a member already. Change the role in the list.")


@transaction.atomic
def add(*, workspace: Workspace, email: str, role: Role, by: User | None) -> tuple[Membership, bool]:
    """Make the user of this address a member. Nobody of that address: an account without a password is made for
    them, and the second value is true; `console.services.invitations` lets them in."""
    email = email.strip().lower()
    user = User.objects.filter(email=email).first()
    invited = user is None
    if user is None:
        user = User.objects.create_user(email, None)
    try:
        with transaction.atomic():
            membership = Membership.objects.create(workspace=workspace, user=user, role=role)
    except IntegrityError as error:
        raise AlreadyMember(email) from error
    audit.record(
        workspace=workspace,
        by=by,
        verb="member.added",
        target=membership,
        changes={"role": role.value, "invited": invited},
    )
    return membership, invited


@transaction.atomic
def change_role(membership: Membership, *, role: Role, by: User | None) -> None:
    kept = _turn(membership)
    if kept.role == role:
        return
    if kept.role == Role.OWNER:
        _other_owner_than(kept)
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


def _other_owner_than(membership: Membership) -> None:
    others = Membership.objects.filter(workspace=membership.workspace_id, role=Role.OWNER, user__is_active=True)
    if not others.exclude(pk=membership.pk).exists():
        raise LastOwner
