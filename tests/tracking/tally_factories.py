"""Makers of snapshots and counts, without a database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from messaging.public import ActionRef, SnapshotRef
from tracking.metrics.tally import Tally
from tracking.rollups.models import SubjectKind
from tracking.rollups.models import SubjectKind as K


@dataclass(frozen=True)
class Count:
    kind: int
    message_id: int
    action_id: str
    name: str
    total: int
    distinct: int


def action(id: str, name: str | None = None, **over: Any) -> ActionRef:
    name = id.title() if name is None else name
    values = {"template": name, "text": name, "tracked": True, "dismissal": False, "value": ""} | over
    return ActionRef(id=id, name=name, **values)


def nps(name: str = "NPS") -> list[ActionRef]:
    return [action(f"nps.{n}", f"{name} {n}", value=str(n), group="nps", question=name, scale="nps") for n in range(11)]


CLOSE = action("close", "Dismissed", dismissal=True)


def snapshot(*actions: ActionRef, **over: Any) -> SnapshotRef:
    values = {
        "id": 1,
        "workspace_id": 1,
        "source_kind": 1,
        "source_id": 1,
        "message_id": 7,
        "message_name": "Beta survey",
        "version": 1,
        "personal": False,
    } | over
    return SnapshotRef(actions=actions, **values)


def response(action_id: str, name: str, total: int, people: int, message_id: int = 7) -> Count:
    return Count(SubjectKind.RESPONSE, message_id, action_id, name, total, people)


def count(kind: SubjectKind, distinct: int, name: str = "", total: int | None = None, message_id: int = 7) -> Count:
    return Count(kind, message_id, "", name, distinct if total is None else total, distinct)


def tally(*counts: Count, sent: int = 0, whole: bool = True) -> Tally:
    """With RESPONDED as the sum of the responses of each message, where it is not given."""
    if not any(count.kind == K.RESPONDED for count in counts):
        answers = [count for count in counts if count.kind == K.RESPONSE]
        for message_id in {count.message_id for count in answers}:
            mine = [count for count in answers if count.message_id == message_id]
            people = max(count.distinct for count in mine)
            counts += (Count(K.RESPONDED, message_id, "", "", sum(count.total for count in mine), people),)
    return Tally({7: sent}, counts, whole)
