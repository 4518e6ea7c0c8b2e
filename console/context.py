from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def house(request: HttpRequest) -> dict[str, object]:
    """What any template may ask about this installation."""
    return {"signup_open": settings.SIGNUP_OPEN}
