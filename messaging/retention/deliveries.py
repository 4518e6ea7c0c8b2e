"""Deliveries that ended before the days which a workspace keeps: deleted, or emptied where they must stay known."""

from __future__ import annotations

from datetime import date

from django.db import connection

from messaging.broadcasts.models import BroadcastStatus
from messaging.campaigns.models import CampaignStatus, Frequency
from messaging.common.source_kinds import SourceKind
from messaging.deliveries.models import LONGEST_LIFETIME

AT_ONCE = 20_000  # rows, each lot in a transaction of its own

ENDED = f"""
SELECT ctid FROM messaging_delivery d WHERE workspace_id = %(workspace)s
   AND coalesce(expires_at, created_at + interval '{LONGEST_LIFETIME} days') < %(before)s::date
"""  # noqa: S608 - of constants
# By its deliveries a campaign that sends once per person knows to whom it has sent, and so does a broadcast.
NEEDED = f"""
(source_kind = {SourceKind.CAMPAIGN:d} AND source_id IN (
    SELECT id FROM messaging_campaign WHERE workspace_id = %(workspace)s AND frequency = '{Frequency.ONCE}'
       AND status <> '{CampaignStatus.FINISHED}')
 OR source_kind = {SourceKind.BROADCAST:d} AND source_id IN (
    SELECT id FROM messaging_broadcast WHERE workspace_id = %(workspace)s
       AND status NOT IN ('{BroadcastStatus.FINISHED}', '{BroadcastStatus.CANCELLED}')))
"""  # noqa: S608 - of constants
DELETE = f"DELETE FROM messaging_delivery WHERE ctid = ANY(ARRAY({ENDED} AND NOT {NEEDED} LIMIT %(limit)s))"  # noqa: S608
EMPTY = f"""
UPDATE messaging_delivery SET context = NULL, rendered = NULL
 WHERE ctid = ANY(ARRAY({ENDED} AND {NEEDED} AND (context IS NOT NULL OR rendered IS NOT NULL) LIMIT %(limit)s))
"""  # noqa: S608


def prune(workspace_id: int, before: date) -> int:
    """Forget deliveries that could not be shown any more on that UTC day; returns how many were deleted or emptied."""
    total = 0
    for statement in (DELETE, EMPTY):
        while True:
            with connection.cursor() as cursor:
                cursor.execute(statement, {"workspace": workspace_id, "before": before, "limit": AT_ONCE})
                total += cursor.rowcount
                if cursor.rowcount < AT_ONCE:
                    break
    return total
