"""Putting the demo's own sendings into the past: services say *now*, and the story has gone on for a month."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import connection, transaction

from messaging.common.source_kinds import SourceKind

MOVE = """UPDATE messaging_delivery d SET created_at = v.at
FROM unnest(%s::bigint[], %s::timestamptz[]) v(person_id, at)
WHERE d.workspace_id = %s AND d.source_kind = %s AND d.source_id = %s AND d.person_id = v.person_id"""

FORGET = "DELETE FROM messaging_sendcount WHERE workspace_id = %s AND source_kind = %s AND source_id = %s"
RECOUNT = """INSERT INTO messaging_sendcount (workspace_id, source_kind, source_id, message_id, hour, count)
SELECT workspace_id, source_kind, source_id, message_id, date_trunc('hour', created_at, 'UTC'), count(*)
FROM messaging_delivery WHERE workspace_id = %s AND source_kind = %s AND source_id = %s AND NOT test
GROUP BY 1, 2, 3, 4, 5"""


@transaction.atomic
def move(workspace_id: int, kind: SourceKind, source_id: int, sent_at: Mapping[int, datetime]) -> None:
    """Deliveries of a source, by person, with the counts that go with them."""
    source = [workspace_id, kind.value, source_id]
    with connection.cursor() as cursor:
        cursor.execute(MOVE, [list(sent_at), list(sent_at.values()), *source])
        cursor.execute(FORGET, source)
        cursor.execute(RECOUNT, source)
