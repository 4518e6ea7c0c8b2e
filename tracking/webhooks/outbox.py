"""What waits to be sent: taken by one worker at a time, tried until it arrives or there is no hope.

All times are the database's. To take a row is to move its next try ahead by LEASE, so what a killed worker took is
due again by itself, and the receiver may then get it twice, with the same event_id.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models.functions import Now

from console.accounts.services import audit
from tracking.webhooks import payload
from tracking.webhooks.http_client import PostResult
from tracking.webhooks.models import DeliveryState, Webhook, WebhookDelivery, WebhookDeliveryQuerySet
from tracking.webhooks.payload import SignedRequest

LEASE = timedelta(seconds=30)
"""Longer than a post may take; a worker that needs more has most likely died."""
BATCH = 32
"""Rows of one endpoint that are taken at once: it holds up others no further than that."""
TRIES = 15
FIRST, LONGEST = timedelta(seconds=30), timedelta(days=1)
"""The wait after the first try; it doubles, up to LONGEST. So the last try comes some three and a half days later."""
PAUSE_AFTER = 5
"""So many failures in a row, and an endpoint is left alone for a while, then tried with one row at a time."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=15), timedelta(hours=1)
DISABLE_AFTER = timedelta(days=1)
DISABLE_AFTER_TRIES = 10
"""An endpoint that has failed every one of so many tries, for so long, is switched off."""
KEEP = timedelta(days=7)
KEEP_WAITING = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class LeasedRow:
    """A row of the outbox in this worker's hands, for its `attempts`-th try. No request: there is nothing to send."""

    id: int
    webhook_id: int
    attempts: int
    request: SignedRequest | None


def take(room: int, busy: Collection[int] = ()) -> list[LeasedRow]:
    """Up to `room` rows that are due, the longest waiting first; none of the endpoints in `busy`."""
    with connection.cursor() as cursor:
        cursor.execute(
            TAKE,
            {"room": room, "busy": list(busy), "lease": LEASE.total_seconds(), "together": BATCH, "much": PAUSE_AFTER},
        )
        rows = [(*row[:3], UUID(str(row[3])), *row[4:]) for row in cursor.fetchall()]
    if not rows:
        return []
    webhooks = Webhook.objects.in_bulk({row[1] for row in rows})
    wanted: dict[int, list[UUID]] = defaultdict(list)
    for *_, key, workspace_id in rows:
        wanted[workspace_id].append(key)
    bodies = {workspace_id: payload.bodies(workspace_id, keys) for workspace_id, keys in wanted.items()}
    return [
        LeasedRow(pk, webhook_id, attempts, _signed_request(webhooks.get(webhook_id), bodies[workspace_id].get(key)))
        for pk, webhook_id, attempts, key, workspace_id in rows
    ]


def _signed_request(webhook: Webhook | None, body: bytes | None) -> SignedRequest | None:
    if webhook is None or body is None:
        return None
    return SignedRequest(webhook.url, payload.secret(webhook), body)


# The lateral join reads no more than a few rows of each endpoint, however many wait for it.
TAKE = """
WITH due AS (
    SELECT d.id FROM tracking_webhook w CROSS JOIN LATERAL (
        SELECT id, due_at FROM tracking_webhookdelivery
         WHERE webhook_id = w.id AND due_at <= statement_timestamp()
         ORDER BY due_at LIMIT CASE WHEN w.failures >= %(much)s THEN 1 ELSE %(together)s END
           FOR UPDATE SKIP LOCKED) AS d
     WHERE w.active AND w.id <> ALL(%(busy)s::bigint[])
       AND (w.paused_until IS NULL OR w.paused_until <= statement_timestamp())
     ORDER BY d.due_at LIMIT %(room)s
)
UPDATE tracking_webhookdelivery d
   SET attempts = d.attempts + 1, tried_at = statement_timestamp(),
       due_at = statement_timestamp() + make_interval(secs => %(lease)s)
  FROM due WHERE d.id = due.id
RETURNING d.id, d.webhook_id, d.attempts, d.key, d.workspace_id
"""


@transaction.atomic
def settle(finished: Sequence[tuple[LeasedRow, PostResult | None]]) -> None:
    """Write down what came of tries; no answer: the event is no longer in the log, and there is nothing to send.

    An arrival counts whoever brought it about; a failure only while the row is still this try's. Rows first, then
    endpoints in order, so that nobody waits in a ring.
    """
    arrived = [row for row, answer in finished if answer is not None and answer.ok]
    vanished = [row.id for row, answer in finished if answer is None]
    _waiting([row.id for row in arrived]).update(state=DeliveryState.SENT, due_at=None, error="")
    _waiting(vanished).update(
        state=DeliveryState.GIVEN_UP, due_at=None, error="The event is no longer kept in the log."
    )
    alive = {row.webhook_id for row in arrived}
    failed = [
        row.webhook_id for row, answer in finished if answer is not None and not answer.ok and _put_off(row, answer)
    ]
    for webhook_id in sorted(alive.union(failed)):
        if webhook_id in alive:
            Webhook.objects.filter(pk=webhook_id, failures__gt=0).update(**CLEAN)
        else:
            record_failures(webhook_id, failed.count(webhook_id))


CLEAN: dict[str, Any] = {"failures": 0, "failing_since": None, "paused_until": None}


def _waiting(ids: Collection[int]) -> WebhookDeliveryQuerySet:
    return WebhookDelivery.objects.filter(pk__in=ids, state=DeliveryState.WAITING)


def _put_off(row: LeasedRow, answer: PostResult) -> bool:
    """To the next try, or for ever; False: it is no longer this try's."""
    over = row.attempts >= TRIES
    then = {"state": DeliveryState.GIVEN_UP, "due_at": None} if over else {"due_at": Now() + wait(row.attempts)}
    return bool(_waiting([row.id]).filter(attempts=row.attempts).update(error=answer.error, **then))


def wait(attempts: int) -> timedelta:
    """After so many tries of a row: doubling, give or take a quarter, lest what failed together returns together."""
    return min(FIRST * (1 << attempts - 1), LONGEST) * random.uniform(0.75, 1.25)  # noqa: S311 - no secret


def pause(failing_for: timedelta) -> timedelta:
    """Of an endpoint in trouble: as long again as it has been failing, so it doubles each time."""
    return min(max(failing_for, FIRST_PAUSE), LONGEST_PAUSE)


def record_failures(webhook_id: int, failures: int) -> None:
    webhook = Webhook.objects.select_for_update(no_key=True).filter(pk=webhook_id).first()
    if webhook is None:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        [now] = cursor.fetchone()
    webhook.failures += failures
    webhook.failing_since = webhook.failing_since or now
    paused = webhook.paused_until is not None and webhook.paused_until > now  # by others that left with this one
    if webhook.failures >= PAUSE_AFTER and not paused:
        webhook.paused_until = now + pause(now - webhook.failing_since)
    if webhook.active and webhook.failures >= DISABLE_AFTER_TRIES and now - webhook.failing_since > DISABLE_AFTER:
        webhook.active, webhook.gave_up_at = False, now
        audit.record(
            workspace=webhook.workspace,
            by=None,
            verb="webhook.given_up",
            target=webhook,
            changes={"failed tries": webhook.failures, "since": f"{webhook.failing_since:%Y-%m-%d %H:%M} UTC"},
        )
    webhook.save(update_fields=["failures", "failing_since", "paused_until", "active", "gave_up_at"])


def prune() -> int:
    """Forget what was settled a week ago, what waited a month, and what is of no endpoint; returns how many rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            """DELETE FROM tracking_webhookdelivery d
                WHERE (d.due_at IS NULL AND d.created_at < now() - make_interval(days => %s))
                   OR d.created_at < now() - make_interval(days => %s)
                   OR NOT EXISTS (SELECT 1 FROM tracking_webhook w WHERE w.id = d.webhook_id)""",
            [KEEP.days, KEEP_WAITING.days],
        )
        return int(cursor.rowcount)
