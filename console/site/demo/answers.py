"""What people did with what they were shown: opened it or not, answered, closed it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from console.site.demo import wire
from console.site.demo.messages import weight
from console.site.demo.people import Character
from messaging.deliveries.models import Delivery
from messaging.deliveries.tokens import write_token
from messaging.snapshots.models import Snapshot
from messaging.values import DeliveryRef

OPENS, ANSWERS, GOES_ON = 0.78, 0.66, 0.82  # chances
LEAVES = (("close", 55), ("backdrop", 20), ("esc", 8), ("left", 12), ("timeout", 5))  # how those go who do not answer
SLOW = timedelta(hours=40)  # until half of all have opened it, roughly


def of(who: Character, delivery: Delivery, snapshot: Snapshot, sent_at: datetime, now: datetime) -> Iterator[wire.Call]:
    """The reports of one delivery, none of them in the future."""
    luck = who.luck(f"{delivery.source_kind} {snapshot.message.name} {snapshot.properties}")
    at = sent_at + timedelta(seconds=luck.expovariate(1 / SLOW.total_seconds()))
    if luck.random() > OPENS + (0.1 if who.paying else 0):
        return
    ref = DeliveryRef(delivery.workspace_id, snapshot.pk, delivery.person_id, delivery.pk, delivery.test)
    for number, (seconds, properties) in enumerate(visit(luck, snapshot.actions)):
        at += timedelta(seconds=seconds)
        if at > now:
            return
        said = {"deliveryId": write_token(ref), **properties}
        ident = f"{snapshot.source_kind}:{snapshot.message.name}:{snapshot.properties.get('button_text', '')}:{number}"
        yield wire.track(who.external_id, "Report Delivery Event", said, at, ident)


def visit(luck: Random, actions: list[dict[str, Any]]) -> Iterator[tuple[float, dict[str, Any]]]:
    """(seconds since the last, report) of one showing."""
    yield 0, {"metric": "opened"}
    steps = list(dict.fromkeys(action["step"] for action in actions if action["step"]))
    chance = ANSWERS
    for step in steps:
        choices = [action for action in actions if action["step"] == step and action["tracked"]]
        if not choices:
            return
        seconds = luck.uniform(2, 25)
        if luck.random() > chance:
            reason = luck.choices([name for name, _ in LEAVES], [often for _, often in LEAVES])[0]
            yield seconds, {"metric": "dismissed", "reason": reason, "seconds": round(seconds, 1)}
            return
        chosen = luck.choices(choices, [weight(action["id"]) for action in choices])[0]
        said = {"actionId": chosen["id"], "actionName": chosen["name"], "actionValue": chosen["value"]}
        if chosen["dismissal"]:
            reason = "snooze" if chosen["id"] == "later" else "close"
            yield seconds, {"metric": "dismissed", "reason": reason, **said}
            return
        yield seconds, {"metric": "clicked", **said}
        chance = GOES_ON
