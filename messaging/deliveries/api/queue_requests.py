"""The request for a queue and its response: the same through the fast handler and through the API."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from rest_framework.exceptions import AuthenticationFailed, ParseError

from console.accounts import signing
from console.accounts.keyring import Holder
from messaging.common.ids import BadId, normal_id
from messaging.deliveries.services.queue import Ask, Offer

POLL_SECONDS = 10


def who(encoded: str) -> str | None:
    """The id in `X-Gist-Encoded-User-Token`; None when there is none. Raises ParseError."""
    encoded = encoded.strip()
    if not encoded:
        return None
    try:
        found = base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True).decode()
    except (binascii.Error, ValueError):
        raise ParseError("X-Gist-Encoded-User-Token is not the base64 of an id.") from None
    if "\x00" in found:
        raise ParseError("The id in X-Gist-Encoded-User-Token contains the NUL character.")
    try:
        return normal_id(found)
    except BadId as error:
        raise ParseError(f"X-Gist-Encoded-User-Token: {error}") from None


def check_signature(holder: Holder, who: str, signature: str) -> None:
    """Raises AuthenticationFailed where the workspace asks for signed people and this one is not."""
    if holder.signed_people_only and not signing.signed(holder.workspace_id, who, signature):
        raise AuthenticationFailed(
            "This workspace gives queues only to signed people: send X-Earshot-Signature, made by your server."
        )


def ask(workspace_id: int, who: str, anonymous: bool) -> Ask:
    return Ask(workspace_id, anonymous_id=who) if anonymous else Ask(workspace_id, user_id=who)


def body(offers: Sequence[Offer]) -> dict[str, Any]:
    return {"inAppMessages": [_message(offer) for offer in offers], "inboxMessages": []}


def headers(anonymous: bool) -> list[tuple[str, str]]:
    live = "true" if settings.LIVE_URL and not anonymous else "false"
    return [("X-Gist-Queue-Polling-Interval", str(POLL_SECONDS)), ("X-CIO-Use-SSE", live)]


def _message(offer: Offer) -> dict[str, Any]:
    return {
        "messageId": str(offer.message_id),
        "queueId": offer.token,
        "priority": offer.priority,
        "properties": {"gist": {"campaignId": offer.token, **offer.display}},
    }
