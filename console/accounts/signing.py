"""The proof that a queue is asked for by the person themselves: their id, signed by the workspace's server."""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings


def secret(workspace_id: int) -> str:
    """What the workspace's server signs with. Owners alone may see it. Derived, so nothing secret is stored."""
    label = f"earshot signed people {workspace_id}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), label, hashlib.sha256).hexdigest()


def sign(workspace_id: int, external_id: str) -> str:
    """Hex HMAC-SHA256 of the person's id, keyed with the secret as text."""
    return hmac.new(secret(workspace_id).encode(), external_id.encode(), hashlib.sha256).hexdigest()


def signed(workspace_id: int, external_id: str, signature: str) -> bool:
    return hmac.compare_digest(sign(workspace_id, external_id).encode(), signature.strip().lower().encode())
