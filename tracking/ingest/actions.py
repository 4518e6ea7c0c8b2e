"""Which action a report is of, and what it therefore is: policy alone, a table of tests.

The action decides, not the client: a tap on a named action is a click, though it closes the message, and one on the
close action is a dismissal, whatever metric came with it.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from messaging.public import CLOSE, ActionRef, one_line
from tracking.ingest.models import EventKind
from tracking.ingest.rejection_codes import Rejected, RejectionCode
from tracking.ingest.reports import NO_ACTION, ON_CLOSE
from tracking.ingest.values import Report

MAX_NAME = 500  # four bytes each at most, beside an id of as many as fit: an index row holds 2,700 bytes
MAX_ACTION_ID = 100


class Told(msgspec.Struct, frozen=True):
    """What goes into the log of an action."""

    kind: EventKind
    action_id: str | None = None
    name: str | None = None
    reason: str | None = None
    value: str | None = None


def settle_action(report: Report, actions: Sequence[ActionRef] | None) -> Told:
    """Raises Rejected. `actions` is None when the delivery's names are personal and it was never shown."""
    if report.metric is EventKind.OPENED:
        return Told(EventKind.OPENED)
    if report.metric is EventKind.DISMISSED:
        return _dismissed(report, actions)
    return _clicked(find(report, actions), report)


def _dismissed(report: Report, actions: Sequence[ActionRef] | None) -> Told:
    """A dismissal always counts by its reason; it is a response besides where its action is tracked. Of a named action,
    it is a tap."""
    reason = report.reason or CLOSE
    bare = Told(EventKind.DISMISSED, reason=reason)
    if reason in NO_ACTION:
        return bare
    if report.action_id or report.action_name:
        action = find(report, actions)
        if not action.dismissal:
            return _clicked(action, report)
    else:
        closing = [a for a in actions or () if a.id == CLOSE] if reason in ON_CLOSE else []
        if not closing:
            return bare
        [action] = closing[:1]
    return _tapped(action, report) if action.tracked else bare


def _clicked(action: ActionRef, report: Report) -> Told:
    if not action.tracked:
        raise Rejected(RejectionCode.UNTRACKED_ACTION)
    return _tapped(action, report)


def _tapped(action: ActionRef, report: Report) -> Told:
    """Of a click, the reason says that it ended its delivery."""
    return Told(
        EventKind.DISMISSED if action.dismissal else EventKind.CLICKED,
        action_id=action.id[:MAX_ACTION_ID],
        name=action.name[:MAX_NAME],
        reason=(report.reason or CLOSE) if action.dismissal else action.closes or None,
        value=action.value or report.value,
    )


def _is_named(action: ActionRef, said: str) -> bool:
    """Clients of other makers may have changed how accents are written, and an older renderer left what nobody sees."""
    return action.name == said or one_line(action.name) == one_line(said)


def find(report: Report, actions: Sequence[ActionRef] | None) -> ActionRef:
    """By id, which the name must fit; else by name, and by value where several share it. Raises Rejected."""
    if not report.action_id and not report.action_name:
        raise Rejected(RejectionCode.MISSING_FIELD, "properties.actionName: a report of a tap says which action.")
    if actions is None:
        raise Rejected(RejectionCode.NOT_SHOWN)
    if report.action_id:
        for action in actions:
            if action.id == report.action_id:
                if report.action_name and not _is_named(action, report.action_name):
                    raise Rejected(RejectionCode.NAME_MISMATCH, f"The action's name is {action.name[:100]!r}.")
                return action
        raise Rejected(RejectionCode.UNKNOWN_ACTION)
    said = report.action_name or ""
    named = [action for action in actions if action.name == said]
    named = named or [action for action in actions if _is_named(action, said)]
    if len(named) > 1:
        named = [action for action in named if action.value == report.action_value] or named
    if not named:
        raise Rejected(RejectionCode.UNKNOWN_ACTION)
    if len({action.tracked for action in named}) > 1:
        raise Rejected(RejectionCode.AMBIGUOUS_ACTION)
    return named[0]
