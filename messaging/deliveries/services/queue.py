"""What waits for a person: one indexed query; all else of an offer is immutable and kept in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from messaging import content as contents
from messaging.deliveries.models import Delivery
from messaging.deliveries.tokens import write_token
from messaging.snapshots.models import Snapshot
from messaging.values import DeliveryRef

# Given out at once, the oldest first: so many for one place on the page, and so many inline messages in all, since a
# page may lack all of their places. Modals and banners never wait for those.
MOST_FOR_PLACE, MOST_INLINE = 5, 20
MOST_LOOKED_AT = 200  # of what waits for one person, the first few of each snapshot
BANNERS = {"top": "x-gist-top", "center": "x-gist-top", "bottom": "x-gist-bottom"}


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
    return sorted_out([ask], rows, displays(row[SNAPSHOT] for row in rows))[0]


def parameters(asks: Sequence[Ask]) -> dict[str, Any]:
    """Of WAITING, which answers many at once."""
    return {
        "workspaces": [ask.workspace_id for ask in asks],
        "users": [ask.user_id for ask in asks],
        "browsers": [ask.anonymous_id for ask in asks],
        "for_place": MOST_FOR_PLACE,
        "looked_at": MOST_LOOKED_AT,
    }


def sorted_out(
    asks: Sequence[Ask], rows: Iterable[tuple[Any, ...]], shown: Mapping[int, dict[str, Any]]
) -> list[list[Offer]]:
    """The rows of WAITING as each one's offers; `shown` says of each snapshot how it is shown."""
    found: list[dict[tuple[Any, ...], tuple[Any, ...]]] = [{} for _ in asks]
    for place, person_id, delivery_id, snapshot_id, message_id, test, *same in rows:
        found[place - 1].setdefault(tuple(same), (person_id, delivery_id, snapshot_id, message_id, test))
    return [
        [
            Offer(
                write_token(DeliveryRef(ask.workspace_id, snapshot_id, person_id, delivery_id, test)),
                message_id,
                priority,
                shown[snapshot_id],
            )
            for priority, (person_id, delivery_id, snapshot_id, message_id, test) in enumerate(
                _for_places(list(of_one.values()), shown), 1
            )
        ]
        for ask, of_one in zip(asks, found, strict=True)
    ]


def _for_places(waiting: list[tuple[Any, ...]], shown: Mapping[int, dict[str, Any]]) -> list[tuple[Any, ...]]:
    """The oldest few for each place on the page; of inline ones the first of each place before the second of any."""
    if len(waiting) <= MOST_FOR_PLACE:
        return waiting
    nth = Counter[str]()
    inline: list[tuple[int, int]] = []
    kept: dict[int, tuple[Any, ...]] = {}
    for at, one in enumerate(waiting):
        place = shown[one[2]].get("elementId", "")
        nth[place] += 1
        if nth[place] > MOST_FOR_PLACE:
            continue
        kept[at] = one
        if place and place not in BANNERS.values():
            inline.append((nth[place], at))
    for _, at in sorted(inline)[MOST_INLINE:]:
        del kept[at]
    return list(kept.values())


# OFFSET 0 keeps the look at a person's deliveries apart, so that it goes by their key whatever the planner believes of
# the table: a workspace that its statistics do not know yet would else be read from end to end.
WAITING = """
SELECT asked.n, person_id, id, snapshot_id, message_id, test, source_kind, source_id, trigger
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
    )
    SELECT * FROM (
        SELECT d.*, row_number() OVER (PARTITION BY d.snapshot_id ORDER BY d.created_at, d.id) AS nth
          FROM selves CROSS JOIN LATERAL (
            SELECT person_id, id, snapshot_id, message_id, test, source_kind, source_id, trigger, created_at
              FROM messaging_delivery
             WHERE workspace_id = asked.workspace_id AND person_id = selves.id AND state IN (1, 2, 3)
               AND left_queue_at IS NULL AND (expires_at IS NULL OR expires_at > now()) OFFSET 0) AS d
          LEFT JOIN messaging_broadcast b ON d.source_kind = 1 AND b.id = d.source_id
          LEFT JOIN messaging_campaign c ON d.source_kind = 2 AND c.id = d.source_id
         WHERE d.test OR b.status IN ('sending', 'finished') OR c.status = 'running'
    ) AS placed WHERE nth <= %(for_place)s ORDER BY created_at, id LIMIT %(looked_at)s) AS waiting
 ORDER BY asked.n, waiting.created_at, waiting.id
"""
SNAPSHOT = 3
"""The column of WAITING that holds the snapshot."""

MOST_KEPT = 10_000
_kept: dict[int, dict[str, Any]] = {}


def displays(snapshot_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """How public clients are told to show these snapshots, which never change, so it is kept in memory."""
    wanted = set(snapshot_ids)
    found = {snapshot_id: display for snapshot_id in wanted if (display := _kept.get(snapshot_id)) is not None}
    if missing := wanted - found.keys():
        for snapshot in Snapshot.objects.select_related("version").filter(pk__in=missing):
            found[snapshot.pk] = _display(snapshot)
        if len(_kept) > MOST_KEPT:
            _kept.clear()
        _kept.update(found)
    return found


def displays_kept(snapshot_ids: Iterable[int]) -> dict[int, dict[str, Any]] | None:
    """The same without asking the database; None when one of them is not known yet."""
    found = {snapshot_id: _kept.get(snapshot_id) for snapshot_id in snapshot_ids}
    return (
        None if None in found.values() else {snapshot_id: display for snapshot_id, display in found.items() if display}
    )


def _display(snapshot: Snapshot) -> dict[str, Any]:
    content = contents.read(snapshot.version.content)
    display = content.display
    shown: dict[str, Any] = {
        "messageWidth": display.width,
        "overlayColor": display.overlay,
        "exitClick": display.outside_dismisses,
    }
    if _comes_again(content):
        shown["persistent"] = True
    if display.type == "inline":
        return shown | {"elementId": display.selector}
    if display.type == "banner":
        return shown | {"elementId": BANNERS[display.position]}
    return shown | {"position": display.position}


def _comes_again(content: contents.Content) -> bool:
    """Whether it stays in the queue until it is closed. Public clients log all else as seen when they show it, so that
    a reload would lose it, and snooze only what is persistent."""
    snoozes = any(action.behaviour.kind == "snooze" for _, action in contents.actions_of(content))
    return content.display.type != "modal" or snoozes


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
