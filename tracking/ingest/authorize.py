"""Whether the key that a call came with may say such a thing. Part of `validate`; docs/write-key.md tells people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from console.accounts.keyring import Holder
from messaging import public
from messaging.public import Proof
from tracking.ingest.models import EventKind
from tracking.ingest.rejection_codes import Rejected, RejectionCode
from tracking.ingest.values import Call, Item


def authorize(item: Item, call: Call, holder: Holder) -> None:
    """Raises Rejected; else the row says how sure it is whom it is about. What is known of the person is not looked at
    here, but where the call is applied (`messaging.people.services.policy`)."""
    row = item.row
    if holder.secret:
        row.proof = Proof.SECRET.value
    elif holder.signed_people_only and row.user_id and item.report is None:  # a delivery's id is its own proof
        if not (call.signature and public.signed(holder.workspace_id, row.user_id, call.signature)):
            raise Rejected(RejectionCode.UNSIGNED_PERSON)
        row.proof = Proof.SIGNED.value
    if row.kind == EventKind.IDENTIFY and isinstance(call.traits, dict):
        _check_traits(call.traits, None if holder.secret else holder.attributes)


def _check_traits(traits: Mapping[str, Any], allowed: frozenset[str] | None) -> None:
    if allowed is not None and (foreign := next((name for name in traits if name not in allowed), None)) is not None:
        detail = f"traits.{foreign[:100]}: the write key may not set this attribute; send it with a secret key."
        raise Rejected(RejectionCode.ATTRIBUTE_NOT_ALLOWED, detail)
    if wrong := public.too_many_attributes(traits):
        raise Rejected(RejectionCode.TOO_MANY_ATTRIBUTES, f"traits: {wrong}")
