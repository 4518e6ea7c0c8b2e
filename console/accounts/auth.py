"""Key -> `request.auth` (an ApiKey) and `request.workspace`, wired by name in settings.

Secret keys open the management API; write keys, which are public, only reports and queues.
"""

from __future__ import annotations

from dataclasses import dataclass

from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from console.accounts import credentials
from console.accounts.models import ApiKey, KeyKind, Workspace
from console.accounts.services import keys


@dataclass(frozen=True)
class KeyHolder:
    """Who speaks with a key: a program of the workspace, no user."""

    key: ApiKey
    is_authenticated: bool = True
    is_active: bool = True
    is_staff: bool = False

    @property
    def pk(self) -> str:
        return f"key-{self.key.pk}"  # what throttles count by

    @property
    def workspace(self) -> Workspace:
        return self.key.workspace


class SecretKeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer sk_…`, or Basic with the key as the user name or the password."""

    kind = KeyKind.SECRET

    def authenticate(self, request: Request) -> tuple[KeyHolder, ApiKey] | None:
        plain = self.said(request)
        if not plain:
            return None
        key = keys.find(plain, self.kind)
        if key is None:
            raise AuthenticationFailed(self.refusal(plain))
        request._request.workspace = key.workspace  # type: ignore[attr-defined]
        return KeyHolder(key), key

    def said(self, request: Request) -> str | None:
        """The key that the request carries, whatever it is worth."""
        header = get_authorization_header(request).decode("latin-1")
        try:
            return credentials.in_authorization(header, [keys.PREFIX[self.kind]])
        except credentials.Malformed as error:
            raise AuthenticationFailed("The Authorization header is not valid Basic: base64 of key, colon.") from error

    def refusal(self, plain: str) -> str:
        other = KeyKind.WRITE if self.kind is KeyKind.SECRET else KeyKind.SECRET
        if plain.startswith(keys.PREFIX[other]):
            return f"This is a {other.label.lower()}, but a {self.kind.label.lower()} is needed here."
        return f"The {self.kind.label.lower()} is unknown or was revoked. See Keys in the workspace."

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="earshot"'  # not Basic: browsers would ask people for a password


class WriteKeyAuthentication(SecretKeyAuthentication):
    """`X-CIO-Site-Id: wk_…`; without that header Bearer or Basic."""

    kind = KeyKind.WRITE

    def said(self, request: Request) -> str | None:
        return request.headers.get("X-CIO-Site-Id", "").strip() or super().said(request)
