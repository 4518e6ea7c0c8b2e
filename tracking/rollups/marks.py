"""The marks of `tracking.rollups.fold` as SQL fragments, for the engine and the reader."""

from __future__ import annotations

from tracking.ingest.models import EventKind
from tracking.rollups.models import SubjectKind

KEY = "workspace_id, kind, source_kind, source_id, message_id, action_id, name"

REPORTS = """
SELECT e.workspace_id, e.kind, e.occurred_at, e.source_kind, e.source_id, e.message_id, e.delivery_id,
       coalesce(g.kept, e.person_id) AS person_id, e.action_id, e.name, e.reason, e.personal
  FROM tracking_event e
  LEFT JOIN tracking_merged g ON g.workspace_id = e.workspace_id AND g.gone = e.person_id
 WHERE NOT e.test AND e.kind >= 7
"""
"""Rows of the log that count, with the person as they are known now. More conditions may follow."""

MARKS = f"""
SELECT r.workspace_id, m.kind::smallint, r.source_kind, r.source_id, r.message_id, m.action_id, m.name,
       m.entity_id, r.person_id, r.occurred_at
  FROM reports r CROSS JOIN LATERAL (VALUES
       ({SubjectKind.OPENED:d}, '', '', r.delivery_id),
       ({SubjectKind.OPENED_PEOPLE:d}, '', '', r.person_id),
       ({SubjectKind.CLICKED:d}, '', '', CASE WHEN r.kind = {EventKind.CLICKED:d} THEN r.delivery_id END),
       ({SubjectKind.DISMISSED:d}, '', coalesce(r.reason, ''),
        CASE WHEN r.kind = {EventKind.DISMISSED:d} THEN r.delivery_id END),
       ({SubjectKind.RESPONSE:d}, r.action_id, coalesce(r.name, ''),
        CASE WHEN r.action_id IS NOT NULL THEN r.person_id END),
       ({SubjectKind.RESPONDED:d}, '', '', CASE WHEN r.action_id IS NOT NULL THEN r.person_id END),
       ({SubjectKind.NAMELESS:d}, r.action_id, '',
        CASE WHEN r.action_id IS NOT NULL AND r.personal THEN r.person_id END)
  ) AS m (kind, action_id, name, entity_id)
 WHERE m.entity_id IS NOT NULL
"""
"""What each of `reports` says, as `marks` of the fold says it."""

HOUR = "date_trunc('hour', occurred_at, 'UTC')"
DAY = "(occurred_at AT TIME ZONE 'UTC')::date"
DAY_OF_HOUR = "(hour AT TIME ZONE 'UTC')::date"

# As `tracking.rollups.models.Seen` keeps them: subject << 17 | of people << 16 | days since 1970. In their order
# the days of a subject stand together, so the day before a mark is its neighbour, if that has the same first 48 bits.
OF_PEOPLE = "mark & 65536 <> 0"
PEOPLE = (SubjectKind.OPENED_PEOPLE, SubjectKind.RESPONSE, SubjectKind.RESPONDED, SubjectKind.NAMELESS)
ENTITY = f"CASE WHEN {OF_PEOPLE} THEN person_id ELSE delivery_id END"
SUBJECT = "(mark >> 17)::int"
NUMBER = f"{DAY} - '1970-01-01'::date"


def date_of(mark: str) -> str:
    return f"'1970-01-01'::date + ({mark} & 65535)::int"
