"""What a person was sent, under the names of what sent it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from console.accounts.models import Workspace
from messaging.deliveries.models import Delivery, DeliveryState
from messaging.people.models import Person
from messaging.people.services import people
from messaging.sources.registry import SourceType, all_types


@dataclass(frozen=True, slots=True)
class Received:
    kind: str
    name: str
    url: str
    at: datetime
    state: str
    failure: str


def newest(workspace: Workspace, person: Person, limit: int = 50) -> list[Received]:
    """The deliveries to the person and to those merged into them."""
    selves = people.family(workspace.pk, person.pk)
    sent = Delivery.objects.filter(workspace_id=workspace.pk, person_id__in=selves).order_by("-created_at")[:limit]
    named: dict[tuple[int, int], tuple[str, SourceType]] = {
        (kind.kind, pk): (name, kind)
        for kind in all_types()
        for pk, name in kind.rows()
        .filter(workspace=workspace, pk__in={one.source_id for one in sent if one.source_kind == kind.kind})
        .values_list("pk", "name")
    }
    return [_received(workspace, one, named.get((one.source_kind, one.source_id))) for one in sent]


def _received(workspace: Workspace, one: Delivery, source: tuple[str, SourceType] | None) -> Received:
    name, kind = source or ("Deleted since", None)
    return Received(
        one.get_source_kind_display() + (", test" if one.test else ""),
        name,
        reverse(kind.page, kwargs={"workspace": workspace.slug, "pk": one.source_id}) if kind else "",
        one.created_at,
        state_of(one),
        one.failure,
    )


def state_of(one: Delivery) -> str:
    over = one.expires_at is not None and one.expires_at <= timezone.now()
    if over and one.state in (DeliveryState.QUEUED, DeliveryState.OPENED):
        return str(DeliveryState.EXPIRED.label)
    if one.state == DeliveryState.DISMISSED and one.clicked_at:
        return str(DeliveryState.CLICKED.label)
    return one.get_state_display()
