"""Forgetting a person: their rows, browsers and deliveries."""

from __future__ import annotations

from django.db import transaction

from console.accounts.services import audit
from messaging.common import locks
from messaging.deliveries.services import deliveries
from messaging.people.models import Person
from messaging.people.services.people import family


@transaction.atomic
def erase(workspace_id: int, person_id: int) -> list[int]:
    """Forget a person and those merged into them, with browsers and deliveries; returns the row ids that are gone."""
    locks.hold_people(workspace_id)
    gone = family(workspace_id, person_id)
    if gone:
        deliveries.erase_of(workspace_id, gone)
        Person.objects.filter(workspace=workspace_id, pk__in=gone).delete()
        audit.forget(workspace_id=workspace_id, object_type="person", object_ids=gone)
    return gone
