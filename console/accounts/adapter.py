"""How allauth behaves here."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.sites.requests import RequestSite
from django.http import HttpRequest


class OurSite(RequestSite):
    """What mails call this installation: never what the request's Host header says."""

    def __init__(self) -> None:
        self.domain = self.name = urlsplit(settings.PUBLIC_URL).netloc


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Off unless EARSHOT_SIGNUP says otherwise: members are invited by owners."""
        return bool(settings.SIGNUP_OPEN)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Links lead to EARSHOT_URL. Without mail set up nothing is sent, and pages do not say that it was."""
        if not settings.MAIL_IS_SET_UP:
            return
        links = {name: at_home(url) for name, url in context.items() if name.endswith("_url") and url}
        super().send_mail(template_prefix, email, context | links | {"current_site": OurSite()})


def at_home(url: str) -> str:
    parts, ours = urlsplit(url), urlsplit(settings.PUBLIC_URL)
    return parts._replace(scheme=ours.scheme, netloc=ours.netloc).geturl()
