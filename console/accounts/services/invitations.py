"""Invitations to a workspace. A membership is bound to who opens the link, and the link proves nothing else.

Where mail is set up (EMAIL_URL) the link goes to the invited address alone, and is good only for the account of that
address. Without mail the owner sees the link once, and hands it over; it is good for whoever has it, so it makes no
address theirs.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from console.accounts.credentials import digest
from console.accounts.models import Invitation, Membership, Role, User, Workspace
from console.accounts.services import audit, members
from console.common.errors import Conflict

GOOD_FOR = timedelta(days=3)


@transaction.atomic
def invite(*, workspace: Workspace, email: str, role: Role, by: User) -> str | None:
    """The link, where no mail is set up; else it is mailed after the commit. An earlier link of theirs ends."""
    email = email.strip().lower()
    if Membership.objects.filter(workspace=workspace, user__email=email).exists():
        raise members.AlreadyMember(email)
    token = secrets.token_urlsafe(32)
    invitation, _ = Invitation.objects.update_or_create(
        workspace=workspace,
        email=email,
        defaults={
            "role": role,
            "digest": digest(token),
            "mailed": settings.MAIL_IS_SET_UP,
            "invited_by": by,
            "expires_at": timezone.now() + GOOD_FOR,
        },
    )
    audit.record(workspace=workspace, by=by, verb="member.invited", target=invitation, changes={"role": role.value})
    link: str = settings.PUBLIC_URL.rstrip("/") + reverse("console:invitation", kwargs={"token": token})
    if not invitation.mailed:
        return link
    text = render_to_string("account/email/invitation.txt", {"workspace": workspace, "by": by, "link": link})
    subject = " ".join(f"{by} invites you to {workspace.name} on Earshot".split())
    transaction.on_commit(lambda: send_mail(subject, text, None, [email]))
    return None


@transaction.atomic
def withdraw(invitation: Invitation, *, by: User) -> None:
    """Doing it twice is doing it once."""
    if Invitation.objects.filter(pk=invitation.pk).delete()[0]:
        audit.record(workspace=invitation.workspace, by=by, verb="invitation.withdrawn", target=invitation)


def find(token: str) -> Invitation | None:
    """The invitation that this link opens, if it still does."""
    return Invitation.objects.good().select_related("workspace", "invited_by").filter(digest=digest(token)).first()


def may_accept(invitation: Invitation, user: User) -> bool:
    return not invitation.mailed or user.email == invitation.email


@transaction.atomic
def accept(invitation: Invitation, *, user: User) -> Membership:
    """Raises Conflict; the link is used up only if it made somebody a member."""
    kept = Invitation.objects.select_for_update(of=["self"]).good().filter(pk=invitation.pk).first()
    if kept is None or kept.digest != invitation.digest:
        raise Conflict("This invitation was used, withdrawn or renewed meanwhile. Ask for a new link.")
    if not may_accept(kept, user):
        raise Conflict(f"This invitation is for {kept.email}. Sign in with that address to accept it.")
    membership = members.add(workspace=kept.workspace, user=user, role=Role(kept.role), by=user)
    if kept.mailed:
        EmailAddress.objects.filter(user=user, email=kept.email).update(verified=True)
    kept.delete()
    return membership


@transaction.atomic
def accept_with_new_account(invitation: Invitation, *, password: str) -> User:
    """An account under the invited address; proven is that address only where the link was mailed to it."""
    if User.objects.filter(email=invitation.email).exists():
        raise Conflict(f"There is an account for {invitation.email} already: sign in with it.")
    user = User.objects.create_user(invitation.email, password)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=invitation.mailed)
    accept(invitation, user=user)
    return user
