"""What waits for a person: one indexed query; all else of an offer is immutable and kept in memory."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection

from console.models import Workspace
from messaging import content as contents
from messaging.models import Delivery, Use
from messaging.tokens import write_token
from messaging.values import DeliveryRef

LONGEST_QUEUE = 20  # messages given out at once, the oldest first


@dataclass(frozen=True, slots=True)
class Offer:
    token: str
    message_id: int
    priority: int
    display: dict[str, Any]


def offers(workspace: Workspace, *, user_id: str | None = None, anonymous_id: str | None = None) -> list[Offer]:
    """Deliveries of the person with this id (or, of somebody not known yet, this browser), under any former self.

    They wait until dismissed, expired, recalled or logged as seen, while their campaign runs and their broadcast
    is not cancelled; of what was sent twice by a merge, one is given.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            (BY_USER if anonymous_id is None else BY_BROWSER) + WAITING,
            {
                "workspace": workspace.pk,
                "who": user_id if anonymous_id is None else anonymous_id,
                "longest": LONGEST_QUEUE,
            },
        )
        rows = cursor.fetchall()
    found: dict[tuple[Any, ...], Offer] = {}
    for person_id, delivery_id, use_id, message_id, test, *same in rows:
        token = write_token(DeliveryRef(workspace.pk, use_id, person_id, delivery_id, test))
        found.setdefault(tuple(same), Offer(token, message_id, len(found) + 1, _display(use_id)))
    return list(found.values())


BY_USER = """WITH who AS (
    SELECT COALESCE(merged_into, id) AS id FROM messaging_person
    WHERE workspace_id = %(workspace)s AND external_id = %(who)s
)"""
BY_BROWSER = """WITH who AS (
    SELECT p.id FROM messaging_anonymousid a JOIN messaging_person p ON p.id = a.person_id
    WHERE a.workspace_id = %(workspace)s AND a.anonymous_id = %(who)s AND p.external_id IS NULL
)"""
WAITING = """, selves AS (
    SELECT id FROM who
    UNION ALL
    SELECT p.id FROM messaging_person p JOIN who ON p.workspace_id = %(workspace)s AND p.merged_into = who.id
)
SELECT d.person_id, d.id, d.use_id, d.message_id, d.test, d.source_kind, d.source_id, d.trigger
FROM messaging_delivery d
LEFT JOIN messaging_broadcast b ON d.source_kind = 1 AND b.id = d.source_id
LEFT JOIN messaging_campaign c ON d.source_kind = 2 AND c.id = d.source_id
WHERE d.workspace_id = %(workspace)s AND d.person_id IN (SELECT id FROM selves)
    AND d.state IN (1, 2, 3) AND d.left_queue_at IS NULL AND (d.expires_at IS NULL OR d.expires_at > now())
    AND (d.test OR b.status IN ('sending', 'finished') OR c.status = 'running')
ORDER BY d.created_at, d.id LIMIT %(longest)s"""


@lru_cache(maxsize=4096)
def _display(use_id: int) -> dict[str, Any]:
    """How public clients are told to show a use. Uses and versions never change."""
    display = contents.read(Use.objects.select_related("version").get(pk=use_id).version.content).display
    shown: dict[str, Any] = {
        "messageWidth": display.width,
        "overlayColor": display.overlay,
        "exitClick": display.outside_dismisses,
    }
    if display.type == "inline":
        return shown | {"elementId": display.selector}
    if display.type == "banner":
        return shown | {"elementId": "x-gist-bottom" if display.position == "bottom" else "x-gist-top"}
    return shown | {"position": display.position}


def leave(ref: DeliveryRef) -> bool:
    """The client says that it need not be offered again; False when there is no such delivery. Twice is once."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE messaging_delivery SET left_queue_at = COALESCE(left_queue_at, now())
            WHERE workspace_id = %s AND person_id = %s AND id = %s""",
            [ref.workspace_id, ref.person_id, ref.delivery_id],
        )
        return bool(cursor.rowcount)


def delivery(ref: DeliveryRef) -> Delivery | None:
    found = Delivery.objects.filter(workspace_id=ref.workspace_id, person_id=ref.person_id, pk=ref.delivery_id)
    return found.first()
