"""Makers of log rows. `tx` is given, so that a test inside one transaction can be followed like settled ones."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from itertools import count
from typing import Any

from tracking.ingest.models import Event, EventKind

NOON = datetime(2026, 3, 2, 12, 30, tzinfo=UTC)
_tx = count(1)


def restart() -> None:
    """Begin numbering anew, so that the numbers stay below those of true transactions."""
    global _tx
    _tx = count(1)


def make_report(workspace_id: int = 1, kind: EventKind = EventKind.OPENED, **over: Any) -> Event:
    """A report that is not saved yet: of delivery 10 of person 1, in broadcast 1, message 1."""
    person = over.pop("person_id", 1)
    values: dict[str, Any] = {
        "key": uuid.uuid4(),
        "occurred_at": NOON,
        "person_id": person,
        "delivery_id": person * 10,
        "snapshot_id": 1,
        "source_kind": 1,
        "source_id": 1,
        "message_id": 1,
    }
    return Event(workspace_id=workspace_id, kind=kind, **values | over)


def make_tap(name: str = "Yes", **over: Any) -> Event:
    return make_report(kind=EventKind.CLICKED, **{"action_id": name.lower(), "name": name, **over})


def make_dismissal(reason: str = "close", **over: Any) -> Event:
    if reason in ("close", "backdrop", "esc", "swipe"):
        over = {"action_id": "close", "name": "Dismissed", **over}
    return make_report(kind=EventKind.DISMISSED, reason=reason, **over)


def write(*events: Event) -> None:
    """Into the log, each in a transaction of its own unless it names one."""
    for event in events:
        if not isinstance(event.tx, int):
            event.tx = next(_tx)
    Event.objects.bulk_create(events)
