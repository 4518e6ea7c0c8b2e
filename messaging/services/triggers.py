"""Events set off running campaigns: each match becomes a delivery, once per event, or once per person."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog
from django.db import connection

from messaging.errors import BadRules
from messaging.models import Campaign, SourceKind
from messaging.models.campaigns import Frequency
from messaging.models.deliveries import NO_TRIGGER
from messaging.rules import Group, matches, read
from messaging.services import nudges
from messaging.services.crowd import Figure
from messaging.services.people import external_ids
from messaging.values import Heard

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Trap:
    campaign_id: int
    use_id: int
    message_id: int
    rules: Group
    once: bool
    days: int


@dataclass(frozen=True, slots=True)
class Shot:
    figure: Figure
    trap: Trap
    key: UUID
    context: Mapping[str, Any]


class Armed:
    """The running campaigns of a workspace that wait for one of these events, and what they were set off by."""

    def __init__(self, workspace_id: int, names: set[str]) -> None:
        self.workspace_id = workspace_id
        self._traps: dict[str, list[Trap]] = defaultdict(list)
        self._shots: list[Shot] = []
        if not names:
            return
        for campaign in (
            Campaign.objects.running()
            .filter(workspace=workspace_id, trigger_event__in=names, use__isnull=False)
            .select_related("use")
        ):
            if (trap := _trap(campaign)) is not None:
                self._traps[campaign.trigger_event].append(trap)

    def fire(self, figure: Figure, call: Heard) -> None:
        """The audience is judged by what is known of the person at this place of the log."""
        self._shots += [
            Shot(figure, trap, NO_TRIGGER if trap.once else call.key, call.payload)
            for trap in self._traps.get(call.name, ())
            if matches(trap.rules, figure.attributes)
        ]

    def save(self) -> None:
        """One statement for deliveries and their count. Who had it under another of their ids has had it."""
        if not self._shots:
            return
        with connection.cursor() as cursor:
            cursor.execute(
                DELIVER,
                {
                    "workspace": self.workspace_id,
                    "kind": SourceKind.CAMPAIGN.value,
                    "people": [shot.figure.now.id for shot in self._shots],
                    "uses": [shot.trap.use_id for shot in self._shots],
                    "campaigns": [shot.trap.campaign_id for shot in self._shots],
                    "messages": [shot.trap.message_id for shot in self._shots],
                    "days": [shot.trap.days for shot in self._shots],
                    "triggers": [shot.key for shot in self._shots],
                    "contexts": [json.dumps(dict(shot.context)) for shot in self._shots],
                },
            )
            people = [person_id for (person_id,) in cursor.fetchall()]
        nudges.publish(self.workspace_id, external_ids(self.workspace_id, people))


def _trap(campaign: Campaign) -> Trap | None:
    try:
        rules = read(campaign.audience_rules)
    except BadRules as error:
        log.error("campaign.rules_unreadable", campaign=campaign.pk, error=str(error))
        return None
    assert campaign.use is not None  # noqa: S101 - by the query
    return Trap(
        campaign.pk,
        campaign.use.pk,
        campaign.use.message_id,
        rules,
        campaign.frequency == Frequency.ONCE.value,
        campaign.lifetime_days,
    )


DELIVER = """
WITH shots AS (
    SELECT * FROM unnest(%(people)s::bigint[], %(uses)s::int[], %(campaigns)s::int[], %(messages)s::int[],
        %(triggers)s::uuid[], %(contexts)s::text[], %(days)s::int[])
        s(person_id, use_id, campaign_id, message_id, trigger, context, days)
), born AS (
    INSERT INTO messaging_delivery (workspace_id, person_id, use_id, source_kind, source_id, message_id, trigger,
        state, test, created_at, expires_at, dismiss_reason, context)
    SELECT %(workspace)s, s.person_id, s.use_id, %(kind)s, s.campaign_id, s.message_id, s.trigger, 1, false, now(),
        now() + make_interval(days => s.days), '', s.context::jsonb
    FROM shots s
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
