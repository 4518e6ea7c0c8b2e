"""What waits for a person: one indexed query; all else of an offer is immutable and kept in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from messaging import content as contents
from messaging.models import Delivery, Use
from messaging.tokens import write_token
from messaging.values import DeliveryRef

# Given out at once, the oldest first: so many for one place on the page, and so many inline messages in all, since a
# page may lack all of their places. Modals and banners never wait for those.
MOST_FOR_PLACE, MOST_INLINE = 5, 20


@dataclass(frozen=True, slots=True)
class Offer:
    token: str
    message_id: int
    priority: int
    display: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ask:
    """Whose queue: the person with this id or, of somebody not known yet, this browser."""

    workspace_id: int
    user_id: str | None = None
    anonymous_id: str | None = None


def offers(ask: Ask) -> list[Offer]:
    """Deliveries of this person, under any former self.

    They wait until dismissed, expired, recalled or logged as seen, while their campaign runs and their broadcast
    is not cancelled; of what was sent twice by a merge, one is given.
    """
    with connection.cursor() as cursor:
        cursor.execute(WAITING, parameters([ask]))
        rows = cursor.fetchall()
    return sorted_out([ask], rows, displays(row[USE] for row in rows))[0]


def parameters(asks: Sequence[Ask]) -> dict[str, Any]:
    """Of WAITING, which answers many at once."""
    return {
        "workspaces": [ask.workspace_id for ask in asks],
        "users": [ask.user_id for ask in asks],
        "browsers": [ask.anonymous_id for ask in asks],
        "for_place": MOST_FOR_PLACE,
        "inline": MOST_INLINE,
    }


def sorted_out(
    asks: Sequence[Ask], rows: Iterable[tuple[Any, ...]], shown: Mapping[int, dict[str, Any]]
) -> list[list[Offer]]:
    """The rows of WAITING as each one's offers; `shown` says of each use how it is shown."""
    found: list[dict[tuple[Any, ...], Offer]] = [{} for _ in asks]
    for place, person_id, delivery_id, use_id, message_id, test, *same in rows:
        of_one = found[place - 1]
        if tuple(same) not in of_one:
            ref = DeliveryRef(asks[place - 1].workspace_id, use_id, person_id, delivery_id, test)
            of_one[tuple(same)] = Offer(write_token(ref), message_id, len(of_one) + 1, shown[use_id])
    return [list(of_one.values()) for of_one in found]


# OFFSET 0 keeps the look at a person's deliveries apart, so that it goes by their key whatever the planner believes of
# the table: a workspace that its statistics do not know yet would else be read from end to end.
WAITING = """
SELECT asked.n, person_id, id, use_id, message_id, test, source_kind, source_id, trigger
  FROM unnest(%(workspaces)s::int[], %(users)s::text[], %(browsers)s::text[])
       WITH ORDINALITY AS asked (workspace_id, user_id, anonymous_id, n)
 CROSS JOIN LATERAL (
    WITH who AS (
        SELECT coalesce(merged_into, id) AS id FROM messaging_person
         WHERE workspace_id = asked.workspace_id AND external_id = asked.user_id
        UNION ALL
        SELECT p.id FROM messaging_anonymousid a JOIN messaging_person p ON p.id = a.person_id
         WHERE asked.user_id IS NULL AND a.workspace_id = asked.workspace_id
           AND a.anonymous_id = asked.anonymous_id AND p.external_id IS NULL
    ),
    selves AS (
        SELECT id FROM who
        UNION
        SELECT p.id FROM messaging_person p JOIN who ON p.workspace_id = asked.workspace_id AND p.merged_into = who.id
    ),
    placed AS (
        SELECT d.*, starts_with(u.place, 'inline ') AS inline,
               row_number() OVER (PARTITION BY u.place ORDER BY d.created_at, d.id) AS nth
          FROM selves CROSS JOIN LATERAL (
            SELECT person_id, id, use_id, message_id, test, source_kind, source_id, trigger, created_at
              FROM messaging_delivery
             WHERE workspace_id = asked.workspace_id AND person_id = selves.id AND state IN (1, 2, 3)
               AND left_queue_at IS NULL AND (expires_at IS NULL OR expires_at > now()) OFFSET 0) AS d
          JOIN messaging_use u ON u.id = d.use_id
          LEFT JOIN messaging_broadcast b ON d.source_kind = 1 AND b.id = d.source_id
          LEFT JOIN messaging_campaign c ON d.source_kind = 2 AND c.id = d.source_id
         WHERE d.test OR b.status IN ('sending', 'finished') OR c.status = 'running'
    ),
    few AS (
        SELECT placed.*, row_number() OVER (PARTITION BY inline ORDER BY nth, created_at, id) AS among
          FROM placed WHERE nth <= %(for_place)s
    )
    SELECT * FROM few WHERE NOT inline OR among <= %(inline)s) AS waiting
 ORDER BY asked.n, waiting.created_at, waiting.id
"""
USE = 3
"""The column of WAITING that holds the use."""

MOST_KEPT = 10_000
_kept: dict[int, dict[str, Any]] = {}


def displays(use_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """How public clients are told to show these uses. Uses and versions never change, so it is kept in memory."""
    wanted = set(use_ids)
    found = {use_id: display for use_id in wanted if (display := _kept.get(use_id)) is not None}
    if missing := wanted - found.keys():
        for use in Use.objects.select_related("version").filter(pk__in=missing):
            found[use.pk] = _display(use)
        if len(_kept) > MOST_KEPT:
            _kept.clear()
        _kept.update(found)
    return found


def displays_kept(use_ids: Iterable[int]) -> dict[int, dict[str, Any]] | None:
    """The same without asking the database; None when one of them is not known yet."""
    found = {use_id: _kept.get(use_id) for use_id in use_ids}
    return None if None in found.values() else {use_id: display for use_id, display in found.items() if display}


def _display(use: Use) -> dict[str, Any]:
    display = contents.read(use.version.content).display
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
