"""A way in for an account that has no password yet.

Where mail is set up (EMAIL_URL), the link goes to the invited address alone, which proves that it is theirs.
Without mail the owner sees the link once, and hands it over; it works once, for PASSWORD_RESET_TIMEOUT.
"""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from console.models import User, Workspace


def link_for(user: User, *, root: str) -> str:
    """Where the invited person sets a password. `root`: scheme and host, as the inviter sees them."""
    path = reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)},
    )
    return root.rstrip("/") + path


def send(user: User, *, workspace: Workspace, by: User, root: str) -> str | None:
    """Mail the link after the commit; or return it, where no mail is set up."""
    link = link_for(user, root=root)
    if not settings.MAIL_IS_SET_UP:
        return link
    text = render_to_string("account/email/invitation.txt", {"workspace": workspace, "by": by, "link": link})
    subject = f"{by} invites you to {workspace.name} on Earshot".replace("\n", " ")
    transaction.on_commit(lambda: send_mail(subject, text, None, [user.email]))
    return None
