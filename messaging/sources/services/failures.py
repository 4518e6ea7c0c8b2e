"""Deliveries whose message could not be filled in for their person: why, of whom, and trying again."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import connection, transaction
from django.db.models import Count, QuerySet

from console.accounts.models import User
from console.accounts.services import audit
from messaging.deliveries.models import Delivery, DeliveryState
from messaging.deliveries.services import nudges
from messaging.people.services import people
from messaging.sources.models import Source

MOST_REASONS, MOST_PEOPLE = 10, 5  # shown at once
AT_ONCE = 10_000  # tried again by one press


@dataclass(frozen=True, slots=True)
class Reason:
    why: str
    count: int
    people: dict[int, str] = field(default_factory=dict)
    """Some of those it happened to: their row and what to call them."""


def of(source: Source) -> list[Reason]:
    """The most frequent reasons first."""
    counts = _failed(source).values_list("failure").annotate(n=Count("*")).order_by("-n", "failure")[:MOST_REASONS]
    return [Reason(why, count, _some(source, why)) for why, count in counts]


@transaction.atomic
def retry(source: Source, *, by: User | None) -> int:
    """Back into the queue, as if sent now: they are filled in anew when next fetched. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(RETRY, [source.workspace.pk, source.KIND.value, source.pk, AT_ONCE, source.lifetime_days])
        chosen = [person_id for (person_id,) in cursor.fetchall()]
    if chosen:
        verb = f"{source.KIND.name.lower()}.failed_retried"
        audit.record(workspace=source.workspace, by=by, verb=verb, target=source, changes={"deliveries": len(chosen)})
        nudges.publish(source.workspace.pk, people.external_ids(source.workspace.pk, set(chosen)))
    return len(chosen)


RETRY = """
WITH chosen AS (
    SELECT workspace_id, person_id, id FROM messaging_delivery
     WHERE workspace_id = %s AND source_kind = %s AND source_id = %s AND state = 7
     ORDER BY person_id, id LIMIT %s FOR UPDATE
)
UPDATE messaging_delivery d SET state = 1, failure = '', left_queue_at = NULL,
       expires_at = now() + make_interval(days => %s) FROM chosen
 WHERE d.workspace_id = chosen.workspace_id AND d.person_id = chosen.person_id AND d.id = chosen.id
RETURNING d.person_id
"""


def _failed(source: Source) -> QuerySet[Delivery]:
    return Delivery.objects.filter(
        workspace_id=source.workspace.pk,
        source_kind=source.KIND,
        source_id=source.pk,
        state=DeliveryState.FAILED,
    )


def _some(source: Source, why: str) -> dict[int, str]:
    rows = _failed(source).filter(failure=why).order_by("-created_at").values_list("person_id", flat=True)
    return people.names(source.workspace.pk, list(dict.fromkeys(rows[:MOST_PEOPLE])))
