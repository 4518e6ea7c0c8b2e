"""The content that one person sees: resolved when first asked for, and, where it is personal, frozen then."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from django.db import connection
from django.utils import timezone

from messaging import content as contents
from messaging.content import Content
from messaging.content.rendering import is_personal, render
from messaging.deliveries.models import Delivery, DeliveryState
from messaging.deliveries.services import failures, queue
from messaging.errors import BadTemplate
from messaging.people.models import Person
from messaging.people.services.people import canonical
from messaging.snapshots.models import Snapshot
from messaging.values import DeliveryRef

GONE = (DeliveryState.EXPIRED, DeliveryState.RECALLED, DeliveryState.FAILED)


def show(ref: DeliveryRef) -> Any:
    """Content as JSON; None when the delivery is not to be shown (any more).

    Raises BadTemplate, and books the delivery as failed until somebody tries again (`failures.retry`); Busy.
    """
    delivery = queue.delivery(ref)
    if delivery is None or delivery.snapshot_id != ref.snapshot_id or delivery.state in GONE:
        return None
    if delivery.expires_at is not None and delivery.expires_at <= timezone.now():
        return None
    if delivery.rendered is not None:
        return delivery.rendered
    content, properties, personal = _snapshot(delivery.snapshot_id)
    if not personal:
        return _same_for_all(delivery.snapshot_id)
    try:
        made = render(
            content, properties=properties, customer=_customer(delivery), event=delivery.context or {}, trigger={}
        )
    except BadTemplate as error:
        failures.record(delivery, str(error))
        raise
    return _freeze(delivery, contents.write(made))


@lru_cache(maxsize=1024)
def _snapshot(snapshot_id: int) -> tuple[Content, dict[str, Any], bool]:
    snapshot = Snapshot.objects.select_related("version").get(pk=snapshot_id)
    content = contents.read(snapshot.version.content)
    return content, snapshot.properties, is_personal(content, snapshot.properties)


@lru_cache(maxsize=1024)
def _same_for_all(snapshot_id: int) -> Any:
    content, properties, _ = _snapshot(snapshot_id)
    return contents.write(render(content, properties=properties, customer={}))


def _customer(delivery: Delivery) -> dict[str, Any]:
    now = canonical(delivery.workspace_id, [delivery.person_id]).get(delivery.person_id, delivery.person_id)
    person = Person.objects.filter(workspace=delivery.workspace_id, pk=now).first()
    return {**person.attributes, "id": person.external_id or ""} if person else {}


def _freeze(delivery: Delivery, made: Any) -> Any:
    """Whoever writes first decides; what others resolved at the same moment is thrown away."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE messaging_delivery SET rendered = %s::jsonb"
            " WHERE workspace_id = %s AND person_id = %s AND id = %s AND rendered IS NULL",
            [json.dumps(made), delivery.workspace_id, delivery.person_id, delivery.pk],
        )
        if cursor.rowcount:
            return made
    return Delivery.objects.values_list("rendered", flat=True).get(
        workspace_id=delivery.workspace_id, person_id=delivery.person_id, pk=delivery.pk
    )
