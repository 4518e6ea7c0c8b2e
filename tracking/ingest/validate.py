"""Call -> item: every field that its type needs, of a length that can be kept, at a believable time."""

from __future__ import annotations

from datetime import datetime
from hashlib import blake2b
from typing import Any, cast
from uuid import uuid4

import msgspec

from messaging.common.ids import MAX_ID, BadId, normal_id
from tracking.ingest.clock import occurred
from tracking.ingest.models import EventKind
from tracking.ingest.payload import payload
from tracking.ingest.rejection_codes import Rejected, RejectionCode
from tracking.ingest.reports import REPORT, report
from tracking.ingest.values import Call, Item, Row

TYPES = {
    "identify": EventKind.IDENTIFY,
    "track": EventKind.TRACK,
    "page": EventKind.PAGE,
    "screen": EventKind.SCREEN,
    "group": EventKind.GROUP,
    "alias": EventKind.ALIAS,
}
WITH_TRAITS = frozenset({EventKind.IDENTIFY, EventKind.GROUP})
MAX_NAME = 200


class Context(msgspec.Struct):
    traits: dict[str, Any] | None = None


_read_context = msgspec.json.Decoder(Context).decode


def validate(
    call: Call, raw: bytes, workspace_id: int, kind: EventKind | None, sent_at: Any, received_at: datetime
) -> Item:
    """Raises Rejected, naming the field. `kind` is what the path said; items of a batch say their own."""
    event_kind = kind or _kind_of(call.type)
    message_id = str(call.message_id) if call.message_id not in (None, "") else uuid4().hex
    properties = _map("properties", call.properties)
    when, clamped = occurred(call.timestamp, call.sent_at if call.sent_at is not None else sent_at, received_at)
    row = Row(
        workspace_id,
        event_key(workspace_id, message_id),
        event_kind,
        when,
        clamped,
        _id("userId", call.user_id),
        _id("anonymousId", call.anonymous_id),
    )
    if event_kind is EventKind.TRACK and call.event == REPORT:
        said, seconds = report(properties or {})
        row.payload = payload("properties", {"seconds": seconds}) if seconds is not None else None
        return Item(message_id, row, raw, said)
    row.name, content = _content(event_kind, call, row, properties)
    row.payload = payload("traits" if event_kind in WITH_TRAITS else "properties", content)
    return Item(message_id, row, raw)


def _kind_of(said: str | None) -> EventKind:
    if not said:
        raise Rejected(RejectionCode.MISSING_FIELD, "type: an item of a batch says its type, e.g. track.")
    kind = TYPES.get(said)
    if kind is None:
        raise Rejected(RejectionCode.UNKNOWN_TYPE, f"type: {said[:40]!r} is not a type. {_TYPES_ARE}")
    return kind


def event_key(workspace_id: int, message_id: str) -> str:
    """The log's name for a call: the same for every sending of it, another in every workspace.

    A UUID without its dashes; as a text, since it is compared and hashed several times on its way.
    """
    return blake2b(workspace_id.to_bytes(4, "big") + message_id.encode(), digest_size=16).hexdigest()


def _content(
    kind: EventKind, call: Call, row: Row, properties: dict[str, Any] | None
) -> tuple[str | None, dict[str, Any] | None]:
    """The name and the payload, once all that the type needs is there."""
    if kind is EventKind.ALIAS:
        previous = _id("previousId", call.previous_id)
        if not previous:
            raise Rejected(
                RejectionCode.MISSING_FIELD, "previousId: an alias call says which id the person had before."
            )
        if not row.user_id:
            raise Rejected(RejectionCode.MISSING_FIELD, "userId: an alias call says which id the person has now.")
        return None, {"previousId": previous}
    if not row.user_id and not row.anonymous_id:
        raise Rejected(RejectionCode.MISSING_FIELD, "userId: say whom this is about, with userId or anonymousId.")
    match kind:
        case EventKind.TRACK:
            return _name("event", call.event), properties
        case EventKind.GROUP:
            group = _id("groupId", call.group_id)
            if not group:
                raise Rejected(RejectionCode.MISSING_FIELD, "groupId: a group call says which group.")
            return group, _map("traits", call.traits)
        case EventKind.IDENTIFY:
            call.traits = _map("traits", call.traits) or _traits_of_context(call)
            return None, call.traits
    name = call.name or (properties or {}).get("name")
    return (_name("name", name) if isinstance(name, str) and name else None), properties


def _map(field: str, value: dict[str, Any] | list[Any] | None) -> dict[str, Any] | None:
    if isinstance(value, list) and value:
        raise Rejected(RejectionCode.WRONG_TYPE, f"{field}: Expected `object`, got `array`.")
    return cast("dict[str, Any] | None", value or None)


def _traits_of_context(call: Call) -> dict[str, Any] | None:
    """Where RudderStack's Python client puts them."""
    try:
        return _read_context(call.context).traits if call.context else None
    except msgspec.MsgspecError:
        return None


def _id(field: str, value: str | float | None) -> str | None:
    if value is None or value == "":
        return None
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    try:
        return normal_id(text)
    except BadId as error:
        raise Rejected(
            RejectionCode.TOO_LONG if len(text) > MAX_ID else RejectionCode.BAD_ID, f"{field}: {error}"
        ) from None


def _name(field: str, value: str | None) -> str:
    if not value or not value.strip():
        raise Rejected(RejectionCode.MISSING_FIELD, f"{field}: say what happened.")
    if len(value) > MAX_NAME:
        raise Rejected(RejectionCode.TOO_LONG, f"{field} has {len(value)} characters; {MAX_NAME} are allowed.")
    return value


_TYPES_ARE = "Types are identify, track, page, screen, group and alias."
