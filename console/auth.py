"""Key -> `request.auth` (an ApiKey) and `request.workspace`, wired by name in settings.

Secret keys open the management API; write keys, which are public, only reports and queues.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass

from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from console.models import ApiKey, KeyKind, Workspace
from console.services import keys

LONGEST = 200  # no key is near it; nothing longer is hashed


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
        candidates = [key for key in self.candidates(request) if key]
        if not candidates:
            return None
        for plain in candidates:
            if len(plain) <= LONGEST and (key := keys.find(plain, self.kind)):
                request._request.workspace = key.workspace  # type: ignore[attr-defined]
                return KeyHolder(key), key
        raise AuthenticationFailed(self.refusal(candidates))

    def candidates(self, request: Request) -> Iterator[str]:
        scheme, _, rest = get_authorization_header(request).decode("latin-1").strip().partition(" ")
        if scheme.lower() == "bearer":
            yield rest.strip()
        elif scheme.lower() == "basic":
            yield from _basic(rest)

    def refusal(self, candidates: list[str]) -> str:
        other = KeyKind.WRITE if self.kind is KeyKind.SECRET else KeyKind.SECRET
        if any(plain.startswith(keys.PREFIX[other]) for plain in candidates):
            return f"This is a {other.label.lower()}, but a {self.kind.label.lower()} is needed here."
        return f"The {self.kind.label.lower()} is unknown or was revoked. See Keys in the workspace."

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="earshot"'  # not Basic: browsers would ask people for a password


class WriteKeyAuthentication(SecretKeyAuthentication):
    """`X-CIO-Site-Id: wk_…`, Bearer, or Basic."""

    kind = KeyKind.WRITE

    def candidates(self, request: Request) -> Iterator[str]:
        yield request.headers.get("X-CIO-Site-Id", "").strip()
        yield from super().candidates(request)


def _basic(encoded: str) -> Iterator[str]:
    try:
        text = base64.b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise AuthenticationFailed("The Authorization header is not valid Basic: base64 of key, colon.") from error
    user, _, password = text.partition(":")
    yield user
    yield password
