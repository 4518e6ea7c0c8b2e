"""The frozen values that go through `messaging.public`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class DeliveryRef:
    """What a delivery id says of itself, signed; no row is read for it."""

    workspace_id: int
    snapshot_id: int
    person_id: int
    delivery_id: int
    test: bool


@dataclass(frozen=True, slots=True)
class ActionRef:
    """One tappable thing of a snapshot. `name` is resolved as far as the snapshot's properties go.

    `dismissal` is the close action; `closes` is the reason with which a tap on any other ends its delivery, or "".

    An option of a rating or choice carries its block's id as `group`, the rating's own name (of a choice: the
    step's) as `question`, and `scale`: stars, emoji, nps or choice.
    """

    id: str
    name: str
    template: str
    text: str
    tracked: bool
    dismissal: bool
    value: str
    step: str = ""
    group: str = ""
    question: str = ""
    scale: str = ""
    closes: str = ""


@dataclass(frozen=True, slots=True)
class SnapshotRef:
    """A message in a broadcast or campaign. With `personal`, names are known per delivery only."""

    id: int
    workspace_id: int
    source_kind: int
    source_id: int
    message_id: int
    message_name: str
    version: int
    personal: bool
    actions: tuple[ActionRef, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What reports say of one delivery: the earliest time of each kind, or None."""

    workspace_id: int
    person_id: int
    delivery_id: int
    opened_at: datetime | None = None
    clicked_at: datetime | None = None
    dismissed_at: datetime | None = None
    reason: str = ""


class Proof(IntEnum):
    """How sure it is that a call comes from whom it speaks of."""

    NONE = 0
    SIGNED = 1  # its userId is signed by the workspace's server
    SECRET = 2  # it was sent with a secret key, or by a member of the workspace


@dataclass(frozen=True, slots=True)
class IdentityCall:
    """An identify, alias or track call, in the order of the log.

    `payload`: the traits of an identify, the properties of a track, `{"previousId": ...}` of an alias.
    """

    workspace_id: int
    key: UUID
    kind: str
    user_id: str | None
    anonymous_id: str | None
    name: str
    payload: Mapping[str, Any]
    occurred_at: datetime
    proof: Proof = Proof.NONE


@dataclass(frozen=True, slots=True)
class NotApplied:
    """A call that changed nothing, or not all that it asked for, and why."""

    call: IdentityCall
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Merge:
    """Person `gone` became person `kept`; whatever is counted by person must follow."""

    workspace_id: int
    gone: int
    kept: int


@dataclass(frozen=True, slots=True)
class PersonIdentifiers:
    """By what the workspace's own systems know a person: `row` is the person's own number here; None: not known."""

    row: int | None = None
    id: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A broadcast or campaign as the metrics page needs it."""

    workspace_id: int
    kind: int
    id: int
    name: str
    status: str
    started_at: datetime | None
    snapshots: tuple[SnapshotRef, ...] = field(default=())
