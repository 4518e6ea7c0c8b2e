"""Sending a broadcast: chunk after chunk of people, each chunk one statement in one transaction.

The broadcast's row is the lock and the memory: whoever holds it may add the next chunk, and moves its cursor with it. A
second worker passes by; after a kill anybody goes on from the cursor. That nobody gets it twice is held by the
unique key of deliveries as well.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import connection, models, transaction
from django.utils import timezone

from messaging.models import Broadcast, BroadcastStatus, Person, SourceKind
from messaging.rules import read, where
from messaging.services import nudges

CHUNK = 10_000
STALLED = timedelta(seconds=30)
NUDGE_UP_TO = 20_000  # larger audiences hear of it by their next poll


def send(broadcast_id: int, chunk: int = CHUNK) -> None:
    """Go on until everybody has it, or somebody else is at it, or it was cancelled."""
    while send_chunk(broadcast_id, chunk):
        pass


@transaction.atomic
def send_chunk(broadcast_id: int, chunk: int = CHUNK) -> bool:
    """The next people; False when there is nothing more to do here."""
    broadcast = (
        Broadcast.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("use")
        .filter(pk=broadcast_id, status=BroadcastStatus.SENDING)
        .first()
    )
    if broadcast is None or broadcast.use is None:
        return False
    people = audience(broadcast).filter(pk__gt=broadcast.cursor).order_by("pk").values_list("pk")[:chunk]
    chosen, params = people.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            DELIVER.format(people=chosen),
            [
                *params,
                broadcast.workspace_id,
                broadcast.use.pk,
                SourceKind.BROADCAST.value,
                broadcast.pk,
                broadcast.use.message_id,
                broadcast.workspace_id,
                SourceKind.BROADCAST.value,
                broadcast.pk,
                broadcast.workspace_id,
                SourceKind.BROADCAST.value,
                broadcast.pk,
                broadcast.use.message_id,
                broadcast.pk,
            ],
        )
        row = cursor.fetchone()
    if row is None:  # nobody was left
        broadcast.move(BroadcastStatus.FINISHED, finished_at=timezone.now())
        return False
    _nudge(broadcast, up_to=row[0])
    return True


def audience(broadcast: Broadcast) -> models.QuerySet[Person]:
    """Whoever matches the rules of the start, and was there at the start."""
    people = Person.objects.of(broadcast.workspace).filter(where(read(broadcast.audience_rules)))
    return people.filter(created_at__lte=broadcast.started_at) if broadcast.started_at else people


DELIVER = """
WITH people(id) AS MATERIALIZED ({people}), born AS (
    INSERT INTO messaging_delivery (workspace_id, person_id, use_id, source_kind, source_id, message_id, trigger,
        state, test, created_at, dismiss_reason)
    SELECT %s, p.id, %s, %s, %s, %s, '00000000-0000-0000-0000-000000000000'::uuid, 1, false, now(), ''
    FROM people p
    WHERE NOT EXISTS (
        SELECT 1 FROM messaging_person other
        JOIN messaging_delivery had ON had.workspace_id = other.workspace_id AND had.person_id = other.id
        WHERE other.workspace_id = %s AND other.merged_into = p.id AND had.source_kind = %s AND had.source_id = %s
            AND had.trigger = '00000000-0000-0000-0000-000000000000'::uuid
    )
    ON CONFLICT DO NOTHING
    RETURNING created_at
), counted AS (
    INSERT INTO messaging_sendcount (workspace_id, source_kind, source_id, message_id, hour, count)
    SELECT %s, %s, %s, %s, date_trunc('hour', created_at, 'UTC'), count(*) FROM born GROUP BY 5
    ON CONFLICT (workspace_id, source_kind, source_id, message_id, hour)
        DO UPDATE SET count = messaging_sendcount.count + EXCLUDED.count
), last AS (SELECT max(id) AS id FROM people)
UPDATE messaging_broadcast b
SET cursor = last.id, sent = b.sent + (SELECT count(*) FROM born), updated_at = clock_timestamp()
FROM last WHERE b.id = %s AND last.id IS NOT NULL
RETURNING b.cursor
"""


def _nudge(broadcast: Broadcast, up_to: int) -> None:
    if settings.LIVE_URL and broadcast.audience_size <= NUDGE_UP_TO:
        people = audience(broadcast).filter(pk__gt=broadcast.cursor, pk__lte=up_to, external_id__isnull=False)
        nudges.publish(broadcast.workspace_id, [one for one in people.values_list("external_id", flat=True) if one])


def stalled() -> list[int]:
    """Broadcasts that nobody has moved for a while: their worker is gone, or never came."""
    late = Broadcast.objects.filter(status=BroadcastStatus.SENDING, updated_at__lt=timezone.now() - STALLED)
    return list(late.order_by("pk").values_list("pk", flat=True))
