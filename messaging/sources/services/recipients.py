"""Whom a source went to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from messaging.deliveries.models import Delivery
from messaging.people.services import people
from messaging.sources.models import Source
from messaging.sources.services.person_deliveries import state_of


@dataclass(frozen=True, slots=True)
class Recipient:
    person: int
    name: str
    at: datetime
    state: str
    failure: str


def sent(source: Source) -> QuerySet[Delivery]:
    """Its deliveries, in the order of their index; tests are none."""
    found = Delivery.objects.filter(workspace_id=source.workspace_id, source_kind=source.KIND, source_id=source.pk)
    return found.filter(test=False).order_by("person_id", "trigger")


def told(workspace_id: int, deliveries: Sequence[Delivery]) -> list[Recipient]:
    """Under the names of whom these people are now."""
    ids = {one.person_id for one in deliveries}
    names, now = people.names(workspace_id, ids), people.canonical(workspace_id, ids)
    return [
        Recipient(
            now.get(one.person_id, one.person_id),
            names.get(one.person_id, "Deleted since"),
            one.created_at,
            state_of(one),
            one.failure,
        )
        for one in deliveries
    ]
