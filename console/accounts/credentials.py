"""How a client says its key: one reader for ingest, the queue, live and the management API.

Exactly one form counts, the first that is there: `X-CIO-Site-Id` (where an endpoint knows it), `Authorization`, then
the body or the query. What follows is not tried, so that a request is never answered for a key other than that.
"""

from __future__ import annotations

import hashlib
from base64 import b64decode
from collections.abc import Sequence

WRITE, SECRET = "wk_", "sk_"  # how keys begin
LONGEST = 200
"""No key has so many characters, and nothing longer is looked up or remembered."""


class Malformed(ValueError):
    """`Authorization: Basic` with something that is not base64 of a user name, a colon and a password."""


def digest(key: str) -> bytes:
    """What is kept of a key."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()


def in_authorization(header: str, begins: Sequence[str] = (WRITE, SECRET)) -> str | None:
    """The key in an `Authorization` header: Bearer, or Basic with the key as the user name or the password."""
    scheme, _, rest = header.strip().partition(" ")
    match scheme.lower():
        case "bearer":
            return rest.strip() or None
        case "basic":
            try:
                user, _, password = b64decode(rest.strip(), validate=True).decode().partition(":")
            except ValueError:
                raise Malformed from None
            return next((one for one in (user, password) if one.startswith(tuple(begins))), user or password or None)
    return None
