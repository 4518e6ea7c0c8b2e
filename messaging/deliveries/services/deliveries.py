"""What became of deliveries, and how many were made."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Sum

from messaging.deliveries.models import SendCount
from messaging.values import DeliveryRef, Outcome

Key = tuple[int, int, int]


@transaction.atomic
def settle(outcomes: Iterable[Outcome]) -> int:
    """Write down what happened; returns how many deliveries changed.

    Idempotent and in any order: the earliest times win, the state only moves forward, and any interaction proves
    the opening. Rows are locked in one order, so that two workers at once never wait for each other in a ring.
    """
    told = _together(outcomes)
    if not told:
        return 0
    keys = sorted(told)
    columns: list[list[Any]] = [list(column) for column in zip(*keys, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(LOCK, columns)
        cursor.execute(
            SETTLE,
            [
                *columns,
                [told[key].opened_at for key in keys],
                [told[key].clicked_at for key in keys],
                [told[key].dismissed_at for key in keys],
                [told[key].reason[:16] for key in keys],
            ],
        )
        return int(cursor.rowcount)


def _together(outcomes: Iterable[Outcome]) -> dict[Key, Outcome]:
    told: dict[Key, Outcome] = {}
    for outcome in outcomes:
        key = (outcome.workspace_id, outcome.person_id, outcome.delivery_id)
        told[key] = _earliest(told[key], outcome) if key in told else outcome
    return told


def _earliest(one: Outcome, other: Outcome) -> Outcome:
    first = one if other.dismissed_at is None or _before(one.dismissed_at, other.dismissed_at) else other
    return Outcome(
        one.workspace_id,
        one.person_id,
        one.delivery_id,
        opened_at=_min(one.opened_at, other.opened_at),
        clicked_at=_min(one.clicked_at, other.clicked_at),
        dismissed_at=first.dismissed_at,
        reason=first.reason,
    )


def _before(one: datetime | None, other: datetime) -> bool:
    return one is not None and one <= other


def _min(*times: datetime | None) -> datetime | None:
    return min((time for time in times if time is not None), default=None)


LOCK = """SELECT 1 FROM messaging_delivery d
JOIN unnest(%s::int[], %s::bigint[], %s::bigint[]) v(workspace_id, person_id, id) USING (workspace_id, person_id, id)
ORDER BY d.workspace_id, d.person_id, d.id FOR UPDATE OF d"""

SETTLE = """
WITH told AS (
    SELECT v.*, CASE WHEN v.dismissed_at IS NOT NULL THEN 4 WHEN v.clicked_at IS NOT NULL THEN 3
        WHEN v.opened_at IS NOT NULL THEN 2 ELSE 1 END AS state
    FROM unnest(%s::int[], %s::bigint[], %s::bigint[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[],
        %s::text[]) v(workspace_id, person_id, id, opened_at, clicked_at, dismissed_at, reason)
), after AS (
    SELECT d.workspace_id, d.person_id, d.id,
        LEAST(d.opened_at, v.opened_at, v.clicked_at, v.dismissed_at) AS opened_at,
        LEAST(d.clicked_at, v.clicked_at) AS clicked_at,
        LEAST(d.dismissed_at, v.dismissed_at) AS dismissed_at,
        CASE WHEN v.dismissed_at < COALESCE(d.dismissed_at, 'infinity') THEN v.reason
            ELSE d.dismiss_reason END AS dismiss_reason,
        GREATEST(d.state, v.state) AS state
    FROM messaging_delivery d JOIN told v USING (workspace_id, person_id, id)
)
UPDATE messaging_delivery d
SET opened_at = after.opened_at, clicked_at = after.clicked_at, dismissed_at = after.dismissed_at,
    dismiss_reason = after.dismiss_reason, state = after.state
FROM after
WHERE d.workspace_id = after.workspace_id AND d.person_id = after.person_id AND d.id = after.id
    AND (d.opened_at, d.clicked_at, d.dismissed_at, d.dismiss_reason, d.state)
        IS DISTINCT FROM (after.opened_at, after.clicked_at, after.dismissed_at, after.dismiss_reason, after.state)
"""


def rendered(refs: Sequence[DeliveryRef]) -> dict[int, Any]:
    """The frozen content of those deliveries that have one, by delivery id."""
    if not refs:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT d.id, d.rendered::text FROM messaging_delivery d
            JOIN unnest(%s::int[], %s::bigint[], %s::bigint[]) v(workspace_id, person_id, id)
                USING (workspace_id, person_id, id)
            WHERE d.rendered IS NOT NULL""",
            [
                [ref.workspace_id for ref in refs],
                [ref.person_id for ref in refs],
                [ref.delivery_id for ref in refs],
            ],
        )
        return {delivery_id: json.loads(text) for delivery_id, text in cursor.fetchall()}


def sent(
    workspace_id: int, source_kind: int, source_id: int, since: datetime | None, until: datetime | None
) -> dict[int, int]:
    """Deliveries created per message, of the UTC hours in [since, until). Tests are not among them."""
    counts = SendCount.objects.filter(workspace_id=workspace_id, source_kind=source_kind, source_id=source_id)
    if since is not None:
        counts = counts.filter(hour__gte=since)
    if until is not None:
        counts = counts.filter(hour__lt=until)
    return dict(counts.values_list("message_id").annotate(total=Sum("count")))


@transaction.atomic
def erase_of(workspace_id: int, people: Sequence[int]) -> int:
    """Delete these people's deliveries and take them out of the counts; returns how many there were."""
    with connection.cursor() as cursor:
        cursor.execute(ERASE, {"workspace": workspace_id, "people": list(people)})
        row = cursor.fetchone()
        cursor.execute("DELETE FROM messaging_sendcount WHERE workspace_id = %s AND count <= 0", [workspace_id])
    return int(row[0]) if row else 0


ERASE = """
WITH gone AS (
    DELETE FROM messaging_delivery WHERE workspace_id = %(workspace)s AND person_id = ANY(%(people)s::bigint[])
    RETURNING source_kind, source_id, message_id, date_trunc('hour', created_at, 'UTC') AS hour, test
), fewer AS (
    SELECT source_kind, source_id, message_id, hour, count(*) AS n FROM gone WHERE NOT test GROUP BY 1, 2, 3, 4
), counted AS (
    UPDATE messaging_sendcount c SET count = c.count - fewer.n FROM fewer
    WHERE c.workspace_id = %(workspace)s AND c.source_kind = fewer.source_kind AND c.source_id = fewer.source_id
        AND c.message_id = fewer.message_id AND c.hour = fewer.hour
)
SELECT count(*) FROM gone
"""
