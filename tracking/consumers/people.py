"""Tells messaging who people are; moves the counts of whoever turned out to be somebody else."""

from __future__ import annotations

from messaging import public
from messaging.public import IdentityCall, NotApplied, Proof
from tracking.consumers.runner import LogRange, hold
from tracking.ingest.models import Event, EventKind
from tracking.rejections import services as rejects
from tracking.rollups import repair

AT_ONCE = 5000
KINDS = (EventKind.IDENTIFY, EventKind.ALIAS, EventKind.TRACK)


def people(log_range: LogRange) -> None:
    """Order matters (the last identify wins), and within a transaction only the time of occurrence tells it."""
    rows = Event.objects.filter(tx__gt=log_range.after, tx__lte=log_range.upto, kind__in=KINDS)
    if log_range.keys is not None:
        rows = rows.filter(key__in=log_range.keys)
    calls: list[IdentityCall] = []
    for event in rows.order_by("tx", "occurred_at", "key").iterator(AT_ONCE):
        calls.append(_identity_call(event))
        if len(calls) == AT_ONCE:
            _apply_in_workspace(calls)
            calls = []
    _apply_in_workspace(calls)


def _apply_in_workspace(calls: list[IdentityCall]) -> None:
    refused: list[NotApplied] = []
    merges = public.apply_calls(calls, refused.append) if calls else []
    rejects.keep_not_applied(refused)
    if merges:
        hold("responses", "rollup")  # what they are counting just now must be there before it is moved
        repair.merge(merges)


def _identity_call(event: Event) -> IdentityCall:
    return IdentityCall(
        workspace_id=event.workspace_id,
        key=event.key,
        kind=EventKind(event.kind).label,
        user_id=event.user_id,
        anonymous_id=event.anonymous_id,
        name=event.name or "",
        payload=event.payload or {},
        occurred_at=event.occurred_at,
        proof=Proof(event.proof or Proof.NONE),
    )
