"""Report -> row: whose delivery a report is of, which action it names, and whether that action is tracked.

One question to the database for all new uses of a group, and one for all its deliveries whose names are personal.
"""

from __future__ import annotations

from collections.abc import Iterable

from messaging import public
from messaging.public import ActionRef, DeliveryRef, UseRef
from tracking.ingest.actions import settle_action
from tracking.ingest.refusals import Code, Refusal, Refused
from tracking.ingest.values import Item, Order, Report, Row

MAX_KEPT = 10_000
_uses: dict[int, UseRef] = {}


def resolve(orders: Iterable[Order]) -> None:
    """Fill in the rows of reports; a report of what is not there, or not tracked, becomes a refusal in its place."""
    orders = list(orders)
    reports = [item.report for order in orders for item in order.items if isinstance(item, Item) and item.report]
    rendered = _learn(reports) if needs_asking(reports) else {}
    for order in orders:
        for place, item in enumerate(order.items):
            if isinstance(item, Item) and item.report is not None:
                try:
                    _report(item.row, item.report, rendered)
                except Refused as refused:
                    order.items[place] = Refusal(refused.code, refused.detail, item.raw, item.message_id)


def needs_asking(reports: Iterable[Report]) -> bool:
    """Whether the database must be asked: a use not met before, or one whose names are personal."""
    return any((use := _uses.get(r.delivery.use_id)) is None or use.personal for r in reports)


def forget() -> None:
    _uses.clear()


def _learn(reports: list[Report]) -> dict[int, tuple[ActionRef, ...]]:
    new = {r.delivery.use_id for r in reports} - _uses.keys()
    if new:
        if len(_uses) > MAX_KEPT:
            _uses.clear()
            new = {r.delivery.use_id for r in reports}
        _uses.update(public.uses(new))
    personal = {r.delivery.delivery_id: r.delivery for r in reports if _is_personal(r.delivery)}
    return public.rendered_actions(list(personal.values())) if personal else {}


def _is_personal(delivery: DeliveryRef) -> bool:
    use = _uses.get(delivery.use_id)
    return use is not None and use.personal


def _report(row: Row, report: Report, rendered: dict[int, tuple[ActionRef, ...]]) -> None:
    delivery = report.delivery
    if delivery.workspace_id != row.workspace_id:
        raise Refused(Code.FOREIGN_DELIVERY)
    use = _uses.get(delivery.use_id)
    if use is None:
        raise Refused(Code.UNKNOWN_DELIVERY)
    if use.workspace_id != row.workspace_id:
        raise Refused(Code.FOREIGN_DELIVERY)
    told = settle_action(report, rendered.get(delivery.delivery_id) if use.personal else use.actions)
    row.kind, row.reason, row.value = told.kind, told.reason, told.value
    row.action_id, row.name = told.action_id, told.name
    row.person_id, row.delivery_id, row.use_id = delivery.person_id, delivery.delivery_id, delivery.use_id
    row.source_kind, row.source_id, row.message_id = use.source_kind, use.source_id, use.message_id
    row.test, row.personal = delivery.test, use.personal
