"""Why an item can be refused: a closed set. Clients switch on the code, people read the help."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class RejectionCode(StrEnum):
    BAD_JSON = "bad_json"
    BAD_ENCODING = "bad_encoding"
    TOO_LARGE = "too_large"
    TOO_MANY_ITEMS = "too_many_items"
    ITEM_TOO_LARGE = "item_too_large"
    TOO_DEEP = "too_deep"
    NO_KEY = "no_key"
    UNKNOWN_KEY = "unknown_key"
    MISSING_FIELD = "missing_field"
    WRONG_TYPE = "wrong_type"
    TOO_LONG = "too_long"
    BAD_ID = "bad_id"
    BAD_TIME = "bad_time"
    BAD_TEXT = "bad_text"
    BAD_NUMBER = "bad_number"
    UNKNOWN_TYPE = "unknown_type"
    UNKNOWN_METRIC = "unknown_metric"
    UNKNOWN_REASON = "unknown_reason"
    UNKNOWN_DELIVERY = "unknown_delivery"
    FOREIGN_DELIVERY = "foreign_delivery"
    NOT_SHOWN = "not_shown"
    UNKNOWN_ACTION = "unknown_action"
    NAME_MISMATCH = "name_mismatch"
    AMBIGUOUS_ACTION = "ambiguous_action"
    UNTRACKED_ACTION = "untracked_action"
    UNSTORABLE = "unstorable"
    UNSIGNED_PERSON = "unsigned_person"
    MERGE_NOT_ALLOWED = "merge_not_allowed"
    ATTRIBUTE_NOT_ALLOWED = "attribute_not_allowed"
    TOO_MANY_ATTRIBUTES = "too_many_attributes"


C = RejectionCode
HELP: dict[RejectionCode, str] = {
    C.BAD_JSON: "The body or item is not a JSON object; send UTF-8 JSON as the API describes it.",
    C.BAD_ENCODING: "The body is not what Content-Encoding says; send it plain or gzipped.",
    C.TOO_LARGE: "A request may have 500 KB, also when unzipped; send smaller batches.",
    C.TOO_MANY_ITEMS: "A batch may have 500 items; send smaller batches.",
    C.ITEM_TOO_LARGE: "An item may have 32 KB; send less in properties or traits.",
    C.TOO_DEEP: "Properties and traits may be nested 50 levels deep; flatten them.",
    C.NO_KEY: "Send the workspace's write key: Basic (key as the user), Bearer, or writeKey in the body.",
    C.UNKNOWN_KEY: "No live key of any workspace reads like this; it may be mistyped or revoked.",
    C.MISSING_FIELD: "A field that this type of call needs is absent or empty; add it.",
    C.WRONG_TYPE: "A field is of another type than the API describes; the detail names it.",
    C.TOO_LONG: "A field is longer than it may be; the detail names it and its limit.",
    C.BAD_ID: "An id is blank or a placeholder such as undefined; send the person's own id, or leave the field out.",
    C.BAD_TIME: "A time cannot be read; send ISO 8601, or seconds or milliseconds since 1970.",
    C.BAD_TEXT: "A text contains the NUL character, which cannot be kept; remove it.",
    C.BAD_NUMBER: "A whole number has more than 64 bits; send it as a text.",
    C.UNKNOWN_TYPE: "The type of an item is identify, track, page, screen, group or alias.",
    C.UNKNOWN_METRIC: "The metric of a report is opened, clicked or dismissed.",
    C.UNKNOWN_REASON: (
        "The reason of a dismissal is close, backdrop, esc, swipe, timeout, snooze, left, superseded or recalled."
    ),
    C.UNKNOWN_DELIVERY: "This delivery id was never given out here; report the id that the queue gave.",
    C.FOREIGN_DELIVERY: "This delivery belongs to another workspace than the key; use the key of its workspace.",
    C.NOT_SHOWN: "This message was never fetched for this person, so nothing in it can have been tapped.",
    C.UNKNOWN_ACTION: "The message has no such action; report the action's id or its name as shown.",
    C.NAME_MISMATCH: "The action's name is another than the one reported; report the name as shown.",
    C.AMBIGUOUS_ACTION: "Tracked and untracked actions share this name; report the action's id.",
    C.UNTRACKED_ACTION: "Track clicks is off for this action, so its taps are not kept.",
    C.UNSTORABLE: "The database refused this item; tell whoever runs this server.",
    C.UNSIGNED_PERSON: (
        "This workspace takes calls with a userId only signed: add signature, made by your server, or use a secret key."
    ),
    C.MERGE_NOT_ALLOWED: "Making one of two known people cannot be undone; send the alias with a secret key.",
    C.ATTRIBUTE_NOT_ALLOWED: "The write key may not set this attribute; send it from your server with a secret key.",
    C.TOO_MANY_ATTRIBUTES: "A person's attributes are limited in number, length and size; the detail says which.",
}

WHOLE_STATUS = {C.NO_KEY: 401, C.UNKNOWN_KEY: 401, C.TOO_LARGE: 413}
"""Of a request that is refused as a whole; 400 for other codes. What each public client does: docs/clients.md."""
KEY_CODES = frozenset({C.NO_KEY, C.UNKNOWN_KEY})


class Rejected(Exception):
    """Stops the line for one item, or for the whole request."""

    def __init__(self, code: RejectionCode, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail or HELP[code]


class RejectedItem(msgspec.Struct, frozen=True):
    """An item that goes no further, as it came (`raw`), and why."""

    code: RejectionCode
    detail: str
    raw: bytes = b""
    message_id: str | None = None
