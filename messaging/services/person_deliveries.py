"""What a person was sent, under the names of what sent it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from console.models import Workspace
from messaging.models import Broadcast, Campaign, Delivery, DeliveryState, Person, SourceKind
from messaging.services import people


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
    names = {
        (kind, pk): name
        for kind, model in ((SourceKind.BROADCAST, Broadcast), (SourceKind.CAMPAIGN, Campaign))
        for pk, name in model.objects.filter(
            workspace=workspace, pk__in={one.source_id for one in sent if one.source_kind == kind}
        ).values_list("pk", "name")
    }
    return [
        Received(
            one.get_source_kind_display() + (", test" if one.test else ""),
            names.get(source := (SourceKind(one.source_kind), one.source_id), "Deleted since"),
            _url(workspace, *source) if source in names else "",
            one.created_at,
            state_of(one),
            one.failure,
        )
        for one in sent
    ]


def state_of(one: Delivery) -> str:
    over = one.expires_at is not None and one.expires_at <= timezone.now()
    if over and one.state in (DeliveryState.QUEUED, DeliveryState.OPENED):
        return str(DeliveryState.EXPIRED.label)
    if one.state == DeliveryState.DISMISSED and one.clicked_at:
        return str(DeliveryState.CLICKED.label)
    return one.get_state_display()


def _url(workspace: Workspace, kind: SourceKind, pk: int) -> str:
    page = "broadcast" if kind == SourceKind.BROADCAST else "campaign"
    return reverse(f"messaging:{page}", kwargs={"workspace": workspace.slug, "pk": pk})
