"""Events trigger running campaigns: each match becomes a delivery, once per event, or once per person."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog
from django.db import connection

from messaging.campaigns.models import Campaign, Frequency
from messaging.common.source_kinds import SourceKind
from messaging.deliveries.models import NO_TRIGGER
from messaging.deliveries.services import nudges
from messaging.errors import BadRules
from messaging.people.services.people import external_ids
from messaging.people.services.person_batch import PersonState
from messaging.rules import Group, matches, read
from messaging.values import IdentityCall

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class CampaignTrigger:
    """What one running campaign waits for, and what it then sends."""

    campaign_id: int
    snapshot_id: int
    message_id: int
    rules: Group
    once: bool
    days: int


@dataclass(frozen=True, slots=True)
class TriggerMatch:
    person: PersonState
    trigger: CampaignTrigger
    key: UUID
    context: Mapping[str, Any]


class TriggerMatcher:
    """The running campaigns of a workspace that one of these events triggers, and the matches of this batch."""

    def __init__(self, workspace_id: int, names: set[str]) -> None:
        self.workspace_id = workspace_id
        self._triggers: dict[str, list[CampaignTrigger]] = defaultdict(list)
        self._matches: list[TriggerMatch] = []
        if not names:
            return
        for campaign in (
            Campaign.objects.running()
            .filter(workspace=workspace_id, trigger_event__in=names, snapshot__isnull=False)
            .select_related("snapshot")
        ):
            if (trigger := _read_trigger(campaign)) is not None:
                self._triggers[campaign.trigger_event].append(trigger)

    def match(self, person: PersonState, call: IdentityCall) -> None:
        """The audience is judged by what is known of the person at this place of the log."""
        self._matches += [
            TriggerMatch(person, trigger, NO_TRIGGER if trigger.once else call.key, call.payload)
            for trigger in self._triggers.get(call.name, ())
            if matches(trigger.rules, person.attributes)
        ]

    def save(self) -> None:
        """One statement for deliveries and their count. Who had it under another of their ids has had it."""
        if not self._matches:
            return
        with connection.cursor() as cursor:
            cursor.execute(
                DELIVER,
                {
                    "workspace": self.workspace_id,
                    "kind": SourceKind.CAMPAIGN.value,
                    "people": [match.person.now.id for match in self._matches],
                    "snapshots": [match.trigger.snapshot_id for match in self._matches],
                    "campaigns": [match.trigger.campaign_id for match in self._matches],
                    "messages": [match.trigger.message_id for match in self._matches],
                    "days": [match.trigger.days for match in self._matches],
                    "triggers": [match.key for match in self._matches],
                    "contexts": [json.dumps(dict(match.context)) for match in self._matches],
                },
            )
            people = [person_id for (person_id,) in cursor.fetchall()]
        nudges.publish(self.workspace_id, external_ids(self.workspace_id, people))


def _read_trigger(campaign: Campaign) -> CampaignTrigger | None:
    try:
        rules = read(campaign.audience_rules)
    except BadRules as error:
        log.error("campaign.rules_unreadable", campaign=campaign.pk, error=str(error))
        return None
    assert campaign.snapshot is not None  # noqa: S101 - by the query
    return CampaignTrigger(
        campaign.pk,
        campaign.snapshot.pk,
        campaign.snapshot.message_id,
        rules,
        campaign.frequency == Frequency.ONCE.value,
        campaign.lifetime_days,
    )


DELIVER = """
WITH matches AS (
    SELECT * FROM unnest(%(people)s::bigint[], %(snapshots)s::int[], %(campaigns)s::int[], %(messages)s::int[],
        %(triggers)s::uuid[], %(contexts)s::text[], %(days)s::int[])
        s(person_id, snapshot_id, campaign_id, message_id, trigger, context, days)
), born AS (
    INSERT INTO messaging_delivery (workspace_id, person_id, snapshot_id, source_kind, source_id, message_id, trigger,
        state, test, created_at, expires_at, dismiss_reason, context)
    SELECT %(workspace)s, s.person_id, s.snapshot_id, %(kind)s, s.campaign_id, s.message_id, s.trigger, 1, false, now(),
        now() + make_interval(days => s.days), '', s.context::jsonb
    FROM matches s
    WHERE NOT EXISTS (
        SELECT 1 FROM messaging_person other
        JOIN messaging_delivery had ON had.workspace_id = %(workspace)s AND had.person_id = other.id
            AND had.source_kind = %(kind)s AND had.source_id = s.campaign_id AND had.trigger = s.trigger
        WHERE other.workspace_id = %(workspace)s AND other.merged_into = s.person_id
    )
    ON CONFLICT DO NOTHING
    RETURNING person_id, source_id, message_id, created_at
), counted AS (
    INSERT INTO messaging_sendcount (workspace_id, source_kind, source_id, message_id, hour, count)
    SELECT %(workspace)s, %(kind)s, source_id, message_id, date_trunc('hour', created_at, 'UTC'), count(*)
    FROM born GROUP BY 3, 4, 5
    ORDER BY 3, 4, 5
    ON CONFLICT (workspace_id, source_kind, source_id, message_id, hour)
        DO UPDATE SET count = messaging_sendcount.count + EXCLUDED.count
)
SELECT DISTINCT person_id FROM born
"""
