"""Who is who: identify and alias make, update and merge people; track events of strangers make them.

Calls are applied in the order of the log to the few people whom they speak of, held in memory (`Crowd`), under a lock
per workspace; what changed is then written with a handful of statements, however many calls there were. What a call may
change depends on how it was sent (`messaging.services.policy`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

import structlog
from django.db import transaction

from messaging.services import locks, nudges, policy, triggers
from messaging.services.crowd import Crowd, Figure
from messaging.services.policy import NotAllowed, Policy
from messaging.values import Heard, Merge, NotApplied

log = structlog.get_logger()
LONGEST_ID = 150
Refuse = Callable[[NotApplied], None]


@transaction.atomic
def hear(heard: Sequence[Heard], refuse: Refuse = lambda refused: None) -> list[Merge]:
    """Apply the calls; all or nothing. Applied twice, the second time changes nothing and merges nobody.

    `refuse` is told of calls that may not do what they ask for.
    """
    by_workspace: dict[int, list[Heard]] = defaultdict(list)
    for call in heard:
        by_workspace[call.workspace_id].append(call)
    merges: list[Merge] = []
    for workspace_id in sorted(by_workspace):  # an order, so that two followers never wait for each other
        locks.hold_people(workspace_id)
        merges += _hear(workspace_id, by_workspace[workspace_id], refuse)
    return merges


def _hear(workspace_id: int, calls: list[Heard], refuse: Refuse) -> list[Merge]:
    rules = policy.of(workspace_id)
    known_ids = {one for call in calls for one in (call.user_id, previous_of(call)) if one}
    anonymous_ids = {one for call in calls for one in (call.anonymous_id, previous_of(call)) if one}
    crowd = Crowd(workspace_id, known_ids, anonymous_ids)
    armed = triggers.Armed(workspace_id, {call.name for call in calls if call.kind == "track"})
    for call in calls:
        if max(len(one or "") for one in (call.user_id, call.anonymous_id, previous_of(call))) > LONGEST_ID:
            log.warning("identity.id_too_long", workspace=workspace_id, key=str(call.key))
            continue
        try:
            if call.kind == "identify":
                _identify(crowd, call, rules)
            elif call.kind == "alias":
                _alias(crowd, call, rules)
            elif (person := _speaker(crowd, call, rules)) and call.kind == "track":
                armed.fire(person, call)
        except NotAllowed as error:
            log.info("identity.not_allowed", workspace=workspace_id, row=str(call.key), code=error.code)
            refuse(NotApplied(call, error.code, error.detail))
    merges = crowd.save()
    armed.save()
    nudges.publish(workspace_id, sorted(crowd.came_together))
    return merges


def previous_of(call: Heard) -> str | None:
    """Whom an alias call renames: its `previousId`, or the anonymous id it was made with."""
    if call.kind != "alias":
        return None
    previous = call.payload.get("previousId")
    return previous if isinstance(previous, str) and previous else call.anonymous_id


def _identify(crowd: Crowd, call: Heard, rules: Policy) -> None:
    rules.check_attributes(call)
    if call.user_id and call.anonymous_id:
        rules.check_user(call)
        _same_browser(crowd, call, call.anonymous_id, rules)
    if (person := _speaker(crowd, call, rules)) and (wrong := person.learn(call.payload)):
        raise NotAllowed("too_many_attributes", f"traits: {wrong} None of these were kept.")


def _same_browser(crowd: Crowd, call: Heard, anonymous_id: str, rules: Policy) -> None:
    """The browser is this user's now. Who was anonymous in it turns out to be this user; a known one does not, and
    neither does anybody once very many did."""
    user_id = str(call.user_id)
    user, before = crowd.known(user_id), crowd.anonymous(anonymous_id)
    if before is None or before.external_id is not None:
        crowd.link(anonymous_id, user or crowd.add(user_id))
    elif user is None:
        crowd.name(before, user_id)
    elif user is not before and crowd.full(user):
        crowd.link(anonymous_id, user)
    elif user is not before:
        crowd.merge(before, user, rules.settable(call, before.attributes))


def _alias(crowd: Crowd, call: Heard, rules: Policy) -> None:
    """`previousId` and `userId` are one person. A previous id that nobody bears is taken for an anonymous one."""
    previous = previous_of(call)
    if not call.user_id or not previous or previous == call.user_id:
        return
    rules.check_user(call)
    before = crowd.known(previous)
    if before is None:
        _same_browser(crowd, call, previous, rules)
    elif crowd.known(call.user_id) is not before:
        rules.check_merge_of_known(call)
        crowd.merge(before, crowd.known(call.user_id) or crowd.add(call.user_id), before.attributes)


def _speaker(crowd: Crowd, call: Heard, rules: Policy) -> Figure | None:
    """Whose call it is: the user's, else the browser's; made when new."""
    if call.user_id:
        rules.check_user(call)
        user = crowd.known(call.user_id) or crowd.add(call.user_id)
        if call.anonymous_id and crowd.anonymous(call.anonymous_id) is None:
            crowd.link(call.anonymous_id, user)
        return user
    if not call.anonymous_id:
        return None
    person = crowd.anonymous(call.anonymous_id)
    if person is None:
        person = crowd.add(None)
        crowd.link(call.anonymous_id, person)
    if person.external_id is not None:
        rules.check_user(call)
    return person
