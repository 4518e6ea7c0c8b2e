"""What goes from step to step of the line."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from messaging.public import DeliveryRef
from tracking.ingest.models import EventKind
from tracking.ingest.rejection_codes import RejectedItem


class IngestRequest(msgspec.Struct, frozen=True):
    """A request as it came in: the path said its kind; None is a batch, whose items say theirs."""

    kind: EventKind | None
    body: bytes
    received_at: datetime
    authorization: str = ""
    encoding: str = ""
    strict: bool = False


class Call(msgspec.Struct, rename="camel"):
    """One item as clients write it. What Earshot has no use for (integrations, most of context) is not read."""

    type: str | None = None
    message_id: str | int | None = None
    user_id: str | int | float | None = None
    anonymous_id: str | int | float | None = None
    event: str | None = None
    name: str | None = None
    category: str | None = None
    properties: dict[str, Any] | list[Any] | None = None  # the empty map of PHP is a list
    traits: dict[str, Any] | list[Any] | None = None
    context: msgspec.Raw = msgspec.Raw()  # read for the traits of an identify call alone
    group_id: str | int | float | None = None
    previous_id: str | int | float | None = None
    timestamp: Any = None
    sent_at: Any = None
    write_key: Any = None
    signature: str | None = None


class ParsedRequest(msgspec.Struct):
    """A parsed request. Beside each call its bytes, should they be refused later."""

    calls: list[tuple[Call | RejectedItem, bytes]]
    key: str | None
    sent_at: Any = None


class Report(msgspec.Struct, frozen=True):
    """The properties of `Report Delivery Event`."""

    delivery: DeliveryRef
    metric: EventKind
    action_id: str | None
    action_name: str | None
    action_value: str | None
    reason: str
    value: str | None


class Row(msgspec.Struct, omit_defaults=True):
    """A row of the log to be, with the names that `tracking.ingest.append` gives to PostgreSQL."""

    workspace_id: int
    key: str
    kind: int
    occurred_at: datetime
    clamped: bool = False
    user_id: str | None = None
    anonymous_id: str | None = None
    name: str | None = None
    payload: msgspec.Raw | None = None
    person_id: int | None = None
    delivery_id: int | None = None
    snapshot_id: int | None = None
    source_kind: int | None = None
    source_id: int | None = None
    message_id: int | None = None
    action_id: str | None = None
    reason: str | None = None
    value: str | None = None
    test: bool = False
    personal: bool = False
    proof: int | None = None


class Item(msgspec.Struct):
    """A valid call: its row, and the report in it, where there is one, that is still to be resolved."""

    message_id: str
    row: Row
    raw: bytes
    report: Report | None = None


class IngestBatch(msgspec.Struct):
    """A request on its way to the log: valid items and rejections, each in its place."""

    workspace_id: int | None
    strict: bool
    items: list[Item | RejectedItem]
    kind: EventKind | None = None
    whole: bool = False  # it was refused before its items were looked at


class IngestResponse(msgspec.Struct, frozen=True):
    """What the client gets."""

    status: int
    body: bytes
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
