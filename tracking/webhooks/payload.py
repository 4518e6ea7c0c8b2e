"""What an endpoint is told: one event, in the shape that receivers of Customer.io's reporting webhooks know."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings

from messaging import public
from messaging.public import DeliveryRef, PersonIdentifiers
from tracking.ingest.models import Event, EventKind
from tracking.webhooks.models import Webhook

BROADCAST = 1


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """A body to be posted to `url`, signed with `secret`."""

    url: str
    secret: str
    body: bytes


def secret(webhook: Webhook) -> str:
    """What its posts are signed with: derived from SECRET_KEY and `generation`, so nothing secret is stored."""
    label = f"earshot webhook {webhook.workspace_id} {webhook.pk} {webhook.generation}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), label, hashlib.sha256).hexdigest()


def headers(request: SignedRequest, now: int) -> dict[str, str]:
    """`now`: seconds since 1970. The signature covers it, so that a receiver can refuse what is stale."""
    signed = b"v0:%d:%b" % (now, request.body)
    return {
        "Content-Type": "application/json",
        "User-Agent": "Earshot-Webhooks/1",
        "x-cio-timestamp": str(now),
        "x-cio-signature": hmac.new(request.secret.encode(), signed, hashlib.sha256).hexdigest(),
    }


def bodies(workspace_id: int, keys: Sequence[UUID]) -> dict[UUID, bytes]:
    """The body for each of these events; absent where the log has it no more."""
    events = list(Event.objects.filter(workspace_id=workspace_id, key__in=keys))
    known = public.person_identifiers(workspace_id, {event.person_id or 0 for event in events})
    return {event.key: body(event, known.get(event.person_id or 0, PersonIdentifiers())) for event in events}


def body(event: Event, person: PersonIdentifiers) -> bytes:
    token = public.write_token(
        DeliveryRef(
            workspace_id=event.workspace_id,
            snapshot_id=event.snapshot_id or 0,
            person_id=event.person_id or 0,
            delivery_id=event.delivery_id or 0,
            test=event.test,
        )
    )
    data: dict[str, Any] = {
        "customer_id": person.id,
        "identifiers": {"id": person.id, "email": person.email, "cio_id": person.row and str(person.row)},
        "delivery_id": token,
        "broadcast_id" if event.source_kind == BROADCAST else "campaign_id": event.source_id,
        "message_id": event.message_id,
    }
    if event.action_id is not None:
        data["tracked_response"] = event.name or ""
    if event.value is not None:
        data["value"] = event.value
    if event.reason is not None:
        data["reason"] = event.reason
    return _encoded(event.key, EventKind(event.kind), event.occurred_at, data)


def sample(key: UUID, kind: EventKind) -> bytes:
    """What “Send a test” sends: nobody's event, and it says so."""
    data: dict[str, Any] = {
        "customer_id": "test-person",
        "identifiers": {"id": "test-person", "email": "test@example.org", "cio_id": "0"},
        "delivery_id": "test-delivery",
        "broadcast_id": 0,
        "message_id": 0,
        "test": True,
    }
    if kind == EventKind.CLICKED:
        data["tracked_response"] = "Count me in"
    if kind == EventKind.DISMISSED:
        data |= {"tracked_response": "Dismissed", "reason": "close"}
    return _encoded(key, kind, datetime.now(UTC), data)


def _encoded(key: UUID, kind: EventKind, at: datetime, data: dict[str, Any]) -> bytes:
    return msgspec.json.encode(
        {
            "event_id": str(key),
            "object_type": "in_app",
            "timestamp": int(at.timestamp()),
            "metric": kind.label,
            "data": data,
        }
    )
