"""Call -> item: every field that its type needs, of a length that can be kept, at a believable time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from hashlib import blake2b
from typing import Any
from uuid import uuid4

import msgspec

from tracking.ingest.clock import occurred
from tracking.ingest.refusals import Code, Refused
from tracking.ingest.reports import REPORT, report
from tracking.ingest.values import Call, Item
from tracking.models import EventKind

TYPES = {
    "identify": EventKind.IDENTIFY,
    "track": EventKind.TRACK,
    "page": EventKind.PAGE,
    "screen": EventKind.SCREEN,
    "group": EventKind.GROUP,
    "alias": EventKind.ALIAS,
}
SHORT = {name[0]: name for name in TYPES} | {"b": "batch"}
MAX_ID = 150
MAX_NAME = 200

_encode: Callable[[Any], bytes] = msgspec.json.Encoder().encode


def validate(
    call: Call, raw: bytes, *, workspace_id: int, kind: str | None, sent_at: Any, received_at: datetime
) -> Item:
    """Raises Refused, naming the field. `kind` is the path's type; items of a batch say their own."""
    event_kind = TYPES.get(kind or call.type or "")
    if event_kind is None:
        if not call.type:
            raise Refused(Code.MISSING_FIELD, "type: an item of a batch says its type, e.g. track.")
        raise Refused(Code.UNKNOWN_TYPE, f"type: {call.type[:40]!r} is not a type. {_TYPES_ARE}")
    message_id = str(call.message_id) if call.message_id not in (None, "") else uuid4().hex
    when, clamped = occurred(call.timestamp, call.sent_at if call.sent_at is not None else sent_at, received_at)
    item = Item(
        key=event_key(workspace_id, message_id),
        message_id=message_id,
        kind=event_kind,
        occurred_at=when,
        clamped=clamped,
        user_id=_id("userId", call.user_id),
        anonymous_id=_id("anonymousId", call.anonymous_id),
        name=None,
        payload=None,
        raw=raw,
    )
    if event_kind is EventKind.TRACK and call.event == REPORT:
        item.report, seconds = report(call.properties or {})
        item.payload = msgspec.Raw(_encode({"seconds": seconds})) if seconds is not None else None
        return item
    item.name, content = _content(event_kind, call, item)
    item.payload = msgspec.Raw(_encode(content)) if content else None
    return item


def event_key(workspace_id: int, message_id: str) -> str:
    """The log's name for a call: the same for every sending of it, another in every workspace.

    A UUID as PostgreSQL writes it. As a text, since it is compared and hashed several times on its way.
    """
    name = blake2b(workspace_id.to_bytes(4, "big") + message_id.encode(), digest_size=16).hexdigest()
    return f"{name[:8]}-{name[8:12]}-{name[12:16]}-{name[16:20]}-{name[20:]}"


def _content(kind: EventKind, call: Call, item: Item) -> tuple[str | None, dict[str, Any] | None]:
    """The name and the payload, once all that the type needs is there."""
    if kind is EventKind.ALIAS:
        previous = _id("previousId", call.previous_id)
        if not previous:
            raise Refused(Code.MISSING_FIELD, "previousId: an alias call says which id the person had before.")
        if not item.user_id:
            raise Refused(Code.MISSING_FIELD, "userId: an alias call says which id the person has now.")
        return None, {"previousId": previous}
    if not item.user_id and not item.anonymous_id:
        raise Refused(Code.MISSING_FIELD, "userId: say whom this is about, with userId or anonymousId.")
    match kind:
        case EventKind.TRACK:
            return _name("event", call.event), call.properties
        case EventKind.GROUP:
            group = _id("groupId", call.group_id)
            if not group:
                raise Refused(Code.MISSING_FIELD, "groupId: a group call says which group.")
            return group, call.traits
        case EventKind.IDENTIFY:
            return None, call.traits
    name = call.name or (call.properties or {}).get("name")
    return (_name("name", name) if isinstance(name, str) and name else None), call.properties


def _id(field: str, value: str | float | None) -> str | None:
    if value is None or value == "":
        return None
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    if len(text) > MAX_ID:
        raise Refused(Code.TOO_LONG, f"{field} has {len(text)} characters; {MAX_ID} are allowed.")
    return text


def _name(field: str, value: str | None) -> str:
    if not value or not value.strip():
        raise Refused(Code.MISSING_FIELD, f"{field}: say what happened.")
    if len(value) > MAX_NAME:
        raise Refused(Code.TOO_LONG, f"{field} has {len(value)} characters; {MAX_NAME} are allowed.")
    return value


_TYPES_ARE = "Types are identify, track, page, screen, group and alias."
