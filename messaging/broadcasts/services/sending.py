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

from messaging.broadcasts.models import Broadcast, BroadcastStatus
from messaging.deliveries.services import nudges
from messaging.people.models import Person
from messaging.rules import read, where

CHUNK = 20_000
STALLED = timedelta(seconds=2)
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
        .select_related("snapshot")
        .filter(pk=broadcast_id, status=BroadcastStatus.SENDING)
        .first()
    )
    if broadcast is None or broadcast.snapshot is None:
        return False
    people = audience(broadcast).filter(pk__gt=broadcast.cursor).order_by("pk").values_list("pk")[:chunk]
    chosen, params = people.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH people(id) AS MATERIALIZED ({chosen}), given AS (SELECT %s::int AS w, %s::int AS b, %s::int AS u,"
            f" %s::int AS m, %s::int AS days) {DELIVER}",
            [
                *params,
                broadcast.workspace_id,
                broadcast.pk,
                broadcast.snapshot.pk,
                broadcast.snapshot.message_id,
                broadcast.lifetime_days,
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


# Whoever somebody was before a merge is looked for from the few who merged, never from the many who have it already.
DELIVER = """
, former AS MATERIALIZED (
    SELECT f.id, f.merged_into FROM messaging_person f, given
     WHERE f.workspace_id = given.w AND f.merged_into IS NOT NULL
       AND f.merged_into BETWEEN (SELECT min(id) FROM people) AND (SELECT max(id) FROM people)
), had AS MATERIALIZED (
    SELECT former.merged_into AS id FROM former CROSS JOIN given CROSS JOIN LATERAL (
        SELECT 1 FROM messaging_delivery d
         WHERE d.workspace_id = given.w AND d.person_id = former.id AND d.source_kind = 1 AND d.source_id = given.b
           AND d.trigger = '00000000-0000-0000-0000-000000000000' LIMIT 1) AS one
), born AS (
    INSERT INTO messaging_delivery (workspace_id, person_id, snapshot_id, source_kind, source_id, message_id, trigger,
        state, test, created_at, expires_at, dismiss_reason)
    SELECT given.w, p.id, given.u, 1, given.b, given.m, '00000000-0000-0000-0000-000000000000', 1, false, now(),
           now() + make_interval(days => given.days), ''
      FROM people p CROSS JOIN given WHERE p.id NOT IN (SELECT id FROM had)
    ON CONFLICT (workspace_id, person_id, source_kind, source_id, trigger) DO NOTHING
    RETURNING 1
), sent AS MATERIALIZED (SELECT count(*) AS n FROM born),
counted AS (
    INSERT INTO messaging_sendcount AS c (workspace_id, source_kind, source_id, message_id, hour, count)
    SELECT given.w, 1, given.b, given.m, date_trunc('hour', now(), 'UTC'), sent.n FROM given, sent WHERE sent.n > 0
    ON CONFLICT (workspace_id, source_kind, source_id, message_id, hour) DO UPDATE SET count = c.count + excluded.count
)
UPDATE messaging_broadcast b SET cursor = last.id, sent = b.sent + sent.n, updated_at = clock_timestamp()
  FROM given, sent, (SELECT max(id) AS id FROM people) AS last
 WHERE b.id = given.b AND last.id IS NOT NULL
RETURNING b.cursor
"""


def _nudge(broadcast: Broadcast, up_to: int) -> None:
    if settings.LIVE_URL and broadcast.audience_size <= NUDGE_UP_TO:
        people = audience(broadcast).filter(pk__gt=broadcast.cursor, pk__lte=up_to, external_id__isnull=False)
        nudges.publish(broadcast.workspace_id, [one for one in people.values_list("external_id", flat=True) if one])


@transaction.atomic
def stalled() -> list[int]:
    """Broadcasts that stand still and that nobody holds: their worker is gone, or never came.

    A worker holds the row while it adds a chunk, and PostgreSQL lets go of it when the worker's connection is lost.
    """
    free = Broadcast.objects.select_for_update(skip_locked=True)
    late = free.filter(status=BroadcastStatus.SENDING, updated_at__lt=timezone.now() - STALLED)
    return list(late.order_by("pk").values_list("pk", flat=True))
