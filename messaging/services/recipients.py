"""Who a broadcast or campaign went to, and who a broadcast would go to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from messaging.models import Broadcast, Campaign, Delivery, Person, SourceKind
from messaging.rules import read, where
from messaging.services import people
from messaging.services.person_deliveries import state_of


@dataclass(frozen=True, slots=True)
class Recipient:
    person: int
    name: str
    at: datetime
    state: str
    failure: str


def sent(source: Broadcast | Campaign) -> QuerySet[Delivery]:
    """Its deliveries, in the order of their index; tests are none."""
    kind = SourceKind.BROADCAST if isinstance(source, Broadcast) else SourceKind.CAMPAIGN
    found = Delivery.objects.filter(workspace_id=source.workspace_id, source_kind=kind, source_id=source.pk)
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


def ahead(broadcast: Broadcast) -> QuerySet[Person]:
    """Whom it would reach now: by the rules that were reviewed, or of a draft by those of its segment."""
    rules = broadcast.audience_rules
    if rules is None:
        rules = broadcast.segment.rules if broadcast.segment else {}
    return Person.objects.of(broadcast.workspace).filter(where(read(rules))).order_by("pk")
