"""Delivery ids: opaque to clients, signed, and enough to route and resolve a report without reading a row."""

from __future__ import annotations

import hashlib
import hmac
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import cache

from django.conf import settings

from messaging.errors import BadDelivery
from messaging.values import DeliveryRef

LAYOUT = struct.Struct(">BIIQQ")  # flags, workspace, snapshot, person, delivery
MAC_BYTES = 11  # 25 + 11 bytes make 48 characters without padding; 88 bits are beyond guessing
TEST = 1


@cache
def _key() -> bytes:
    return hashlib.blake2b(settings.SECRET_KEY.encode(), person=b"earshot-deliver", digest_size=32).digest()


def _mac(body: bytes) -> bytes:
    return hashlib.blake2b(body, key=_key(), digest_size=MAC_BYTES).digest()


def write_token(ref: DeliveryRef) -> str:
    body = LAYOUT.pack(TEST if ref.test else 0, ref.workspace_id, ref.snapshot_id, ref.person_id, ref.delivery_id)
    return urlsafe_b64encode(body + _mac(body)).decode()


def read_token(token: str) -> DeliveryRef:
    """Raises BadDelivery for whatever `write_token` did not write."""
    try:
        raw = urlsafe_b64decode(token.encode())
    except ValueError as error:
        raise BadDelivery(token) from error
    body, mac = raw[: LAYOUT.size], raw[LAYOUT.size :]
    if len(body) != LAYOUT.size or not hmac.compare_digest(mac, _mac(body)):
        raise BadDelivery(token)
    flags, workspace, snapshot, person, delivery = LAYOUT.unpack(body)
    return DeliveryRef(workspace, snapshot, person, delivery, bool(flags & TEST))
