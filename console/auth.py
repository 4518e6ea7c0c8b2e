"""Key -> request.auth (an ApiKey), wired by name in settings."""

from __future__ import annotations

from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from console.models import ApiKey


class SecretKeyAuthentication(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[None, ApiKey] | None:
        return None
