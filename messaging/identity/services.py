"""Who is who: identify and alias make, update and merge people; track events of strangers make them.

Calls are applied in the order of the log to the few people whom they speak of, held in memory (`PersonBatch`), under a
lock per workspace; what changed is then written with a handful of statements, however many calls there were. What a
call may change depends on how it was sent (`messaging.people.services.policy`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

import structlog
from django.db import transaction

from messaging.campaigns.services import triggers
from messaging.common import locks
from messaging.deliveries.services import nudges
from messaging.people.services import policy
from messaging.people.services.person_batch import PersonBatch, PersonState
from messaging.people.services.policy import NotAllowed, Policy
from messaging.values import IdentityCall, Merge, NotApplied

log = structlog.get_logger()
LONGEST_ID = 150
Refuse = Callable[[NotApplied], None]


@transaction.atomic
def apply_calls(calls: Sequence[IdentityCall], refuse: Refuse = lambda refused: None) -> list[Merge]:
    """Apply the calls; all or nothing. Applied twice, the second time changes nothing and merges nobody.

    `refuse` is told of calls that may not do what they ask for.
    """
    by_workspace: dict[int, list[IdentityCall]] = defaultdict(list)
    for call in calls:
        by_workspace[call.workspace_id].append(call)
    merges: list[Merge] = []
    for workspace_id in sorted(by_workspace):  # an order, so that two consumers never wait for each other
        locks.hold_people(workspace_id)
        merges += _apply_in_workspace(workspace_id, by_workspace[workspace_id], refuse)
    return merges


def _apply_in_workspace(workspace_id: int, calls: list[IdentityCall], refuse: Refuse) -> list[Merge]:
    rules = policy.of(workspace_id)
    known_ids = {one for call in calls for one in (call.user_id, previous_of(call)) if one}
    anonymous_ids = {one for call in calls for one in (call.anonymous_id, previous_of(call)) if one}
    batch = PersonBatch(workspace_id, known_ids, anonymous_ids)
    matcher = triggers.TriggerMatcher(workspace_id, {call.name for call in calls if call.kind == "track"})
    for call in calls:
        if max(len(one or "") for one in (call.user_id, call.anonymous_id, previous_of(call))) > LONGEST_ID:
            log.warning("identity.id_too_long", workspace=workspace_id, key=str(call.key))
            continue
        try:
            if call.kind == "identify":
                _identify(batch, call, rules)
            elif call.kind == "alias":
                _alias(batch, call, rules)
            elif (person := _speaker(batch, call, rules)) and call.kind == "track":
                matcher.match(person, call)
        except NotAllowed as error:
            log.info("identity.not_allowed", workspace=workspace_id, row=str(call.key), code=error.code)
            refuse(NotApplied(call, error.code, error.detail))
    merges = batch.save()
    matcher.save()
    nudges.publish(workspace_id, sorted(batch.gained_deliveries))
    return merges


def previous_of(call: IdentityCall) -> str | None:
    """Whom an alias call renames: its `previousId`, or the anonymous id it was made with."""
    if call.kind != "alias":
        return None
    previous = call.payload.get("previousId")
    return previous if isinstance(previous, str) and previous else call.anonymous_id


def _identify(batch: PersonBatch, call: IdentityCall, rules: Policy) -> None:
    rules.check_attributes(call)
    if call.user_id and call.anonymous_id:
        rules.check_user(call)
        _same_browser(batch, call, call.anonymous_id, rules)
    if (person := _speaker(batch, call, rules)) and (wrong := person.learn(call.payload)):
        raise NotAllowed("too_many_attributes", f"traits: {wrong} None of these were kept.")


def _same_browser(batch: PersonBatch, call: IdentityCall, anonymous_id: str, rules: Policy) -> None:
    """The browser is this user's now. Who was anonymous in it turns out to be this user; a known one does not, and
    neither does anybody once very many did."""
    user_id = str(call.user_id)
    user, before = batch.known(user_id), batch.anonymous(anonymous_id)
    if before is None or before.external_id is not None:
        batch.link(anonymous_id, user or batch.add(user_id))
    elif user is None:
        batch.name(before, user_id)
    elif user is not before and batch.full(user):
        batch.link(anonymous_id, user)
    elif user is not before:
        batch.merge(before, user, rules.settable(call, before.attributes))


def _alias(batch: PersonBatch, call: IdentityCall, rules: Policy) -> None:
    """`previousId` and `userId` are one person. A previous id that nobody bears is taken for an anonymous one."""
    previous = previous_of(call)
    if not call.user_id or not previous or previous == call.user_id:
        return
    rules.check_user(call)
    before = batch.known(previous)
    if before is None:
        _same_browser(batch, call, previous, rules)
    elif batch.known(call.user_id) is not before:
        rules.check_merge_of_known(call)
        batch.merge(before, batch.known(call.user_id) or batch.add(call.user_id), before.attributes)


def _speaker(batch: PersonBatch, call: IdentityCall, rules: Policy) -> PersonState | None:
    """Whose call it is: the user's, else the browser's; made when new."""
    if call.user_id:
        rules.check_user(call)
        user = batch.known(call.user_id) or batch.add(call.user_id)
        if call.anonymous_id and batch.anonymous(call.anonymous_id) is None:
            batch.link(call.anonymous_id, user)
        return user
    if not call.anonymous_id:
        return None
    person = batch.anonymous(call.anonymous_id)
    if person is None:
        person = batch.add(None)
        batch.link(call.anonymous_id, person)
    if person.external_id is not None:
        rules.check_user(call)
    return person
