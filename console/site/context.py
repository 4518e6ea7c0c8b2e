from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def house(request: HttpRequest) -> dict[str, object]:
    """What any template may ask about this installation."""
    nonce = str(getattr(request, "csp_nonce", ""))  # of the page's scripts; htmx's own tag asks for it by this name too
    return {"signup_open": settings.SIGNUP_OPEN, "mail_is_set_up": settings.MAIL_IS_SET_UP, "csp_nonce": nonce}
