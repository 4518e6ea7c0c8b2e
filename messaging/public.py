"""The public interface of messaging: frozen values in, frozen values out. Tracking imports nothing else of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from console.accounts import signing
from messaging.actions import CLOSE
from messaging.common.labels import one_line
from messaging.deliveries.services import clock_skew, deliveries
from messaging.deliveries.tokens import read_token, write_token
from messaging.errors import BadDelivery
from messaging.identity import services as identity
from messaging.people import attributes as _attributes
from messaging.people.services import people
from messaging.retention import deliveries as retention
from messaging.retention import erasure
from messaging.snapshots import services as _snapshots
from messaging.sources.services import sources as _sources
from messaging.values import (
    ActionRef,
    DeliveryRef,
    IdentityCall,
    Merge,
    NotApplied,
    Outcome,
    PersonIdentifiers,
    Proof,
    SnapshotRef,
    Source,
)

__all__ = [
    "CLOSE",
    "ActionRef",
    "BadDelivery",
    "DeliveryRef",
    "IdentityCall",
    "Merge",
    "NotApplied",
    "Outcome",
    "PersonIdentifiers",
    "Proof",
    "SnapshotRef",
    "Source",
    "apply_calls",
    "canonical",
    "erase",
    "known_as",
    "one_line",
    "people_names",
    "person_identifiers",
    "read_token",
    "rendered_actions",
    "sent",
    "settle",
    "signed",
    "snapshots",
    "source",
    "sources",
    "too_many_attributes",
    "write_token",
]


def snapshots(ids: Collection[int]) -> dict[int, SnapshotRef]:
    """Those that exist, by id. A snapshot never changes (its message may be renamed), so it may be kept in memory."""
    return _snapshots.refs(ids) if ids else {}


def rendered_actions(refs: Sequence[DeliveryRef]) -> dict[int, tuple[ActionRef, ...]]:
    """What each of these people saw, by delivery id; absent when never fetched, or not personal."""
    found = deliveries.rendered(refs)
    of = _snapshots.refs({ref.snapshot_id for ref in refs if ref.delivery_id in found})
    return {
        ref.delivery_id: _snapshots.rendered_actions(of[ref.snapshot_id], found[ref.delivery_id])
        for ref in refs
        if ref.delivery_id in found and ref.snapshot_id in of
    }


def settle(outcomes: Sequence[Outcome]) -> int:
    """Tell deliveries what became of them; returns how many changed. Idempotent, in any order."""
    return deliveries.settle(outcomes)


def apply_calls(
    calls: Sequence[IdentityCall], refuse: Callable[[NotApplied], None] = lambda refused: None
) -> list[Merge]:
    """Make, update and merge people, and set off campaigns; returns who became whom. Idempotent by event key.

    `refuse` is told of calls that may not do what they ask for.
    """
    return identity.apply_calls(calls, refuse)


def signed(workspace_id: int, external_id: str, signature: str) -> bool:
    """Whether the workspace's server has signed this person's id."""
    return signing.signed(workspace_id, external_id, signature)


def too_many_attributes(attributes: Mapping[str, Any]) -> str | None:
    """Which limit these attributes of one person exceed, as a sentence."""
    return _attributes.outgrown({}, attributes)


def canonical(workspace_id: int, person_ids: Collection[int]) -> dict[int, int]:
    """Who each of these is now; unknown ids (erased people's) are absent."""
    return people.canonical(workspace_id, person_ids) if person_ids else {}


def sent(
    workspace_id: int, source_kind: int, source_id: int, since: datetime | None = None, until: datetime | None = None
) -> dict[int, int]:
    """Deliveries created per message id, of the UTC hours that begin in [since, until)."""
    return deliveries.sent(workspace_id, source_kind, source_id, since, until)


def source(workspace_id: int, kind: int, id: int) -> Source | None:
    return _sources.one(workspace_id, kind, id)


def sources(workspace_id: int) -> list[Source]:
    return _sources.every(workspace_id)


def people_names(workspace_id: int, ids: Collection[int]) -> dict[int, str]:
    return people.names(workspace_id, ids)


def person_identifiers(workspace_id: int, person_ids: Collection[int]) -> dict[int, PersonIdentifiers]:
    """Who each of these is now, for systems outside; unknown ids (erased people's) are absent."""
    return people.person_identifiers(workspace_id, person_ids) if person_ids else {}


def known_as(workspace_id: int, person_id: int) -> tuple[list[str], list[str]]:
    """The user ids and the anonymous ids by which this person's calls can be found."""
    return people.known_as(workspace_id, person_id)


def prune(workspace_id: int, before: date) -> int:
    """Forget deliveries that ended before this UTC day; returns how many."""
    return retention.prune(workspace_id, before)


def clamp_future(workspace_id: int) -> int:
    """Bring deliveries of the future, which a clock that was ahead made, back to now; returns how many."""
    return clock_skew.clamp(workspace_id)


def erase(workspace_id: int, person_id: int) -> list[int]:
    """Forget a person, those merged into them, and their deliveries; returns the person ids that are gone."""
    return erasure.erase(workspace_id, person_id)
