"""Rows and refusals -> the log and the inbox, in one transaction. What was there already is not written again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from tracking.ingest.inbox import Kept
from tracking.ingest.values import Order, Row

# Sorted by key, so that two writers with keys in common never wait for each other in a ring. A person who was erased
# is not written about again, however late a forgotten browser reports.
INSERT = """
INSERT INTO tracking_event (workspace_id, key, kind, occurred_at, clamped, user_id, anonymous_id, name, payload,
    person_id, delivery_id, use_id, source_kind, source_id, message_id, action_id, reason, value, test, personal)
SELECT workspace_id, key, kind, occurred_at, clamped, user_id, anonymous_id, name, payload::jsonb,
    person_id, delivery_id, use_id, source_kind, source_id, message_id, action_id, reason, value, test, personal
  FROM unnest(%s::int[], %s::uuid[], %s::smallint[], %s::timestamptz[], %s::bool[], %s::text[], %s::text[], %s::text[],
    %s::text[], %s::bigint[], %s::bigint[], %s::int[], %s::smallint[], %s::int[], %s::int[], %s::text[], %s::text[],
    %s::text[], %s::bool[], %s::bool[])
    AS n (workspace_id, key, kind, occurred_at, clamped, user_id, anonymous_id, name, payload,
    person_id, delivery_id, use_id, source_kind, source_id, message_id, action_id, reason, value, test, personal)
 WHERE n.person_id IS NULL OR NOT EXISTS (
    SELECT 1 FROM tracking_erased x WHERE x.workspace_id = n.workspace_id AND x.person_id = n.person_id)
 ORDER BY workspace_id, key
ON CONFLICT (workspace_id, key) DO NOTHING RETURNING key
"""

KEEP = """
INSERT INTO tracking_reject (workspace_id, received_at, code, detail, item)
SELECT workspace_id, now(), code, detail, item::jsonb
  FROM unnest(%s::int[], %s::text[], %s::text[], %s::text[]) AS n (workspace_id, code, detail, item)
"""


def append(rows: Sequence[Row], kept: Sequence[Kept]) -> set[UUID]:
    """Write with Django's own connection; returns the keys that are new in the log."""
    with transaction.atomic(), connection.cursor() as cursor:
        if kept:
            cursor.execute(KEEP, kept_columns(kept))
        if not rows:
            return set()
        cursor.execute(INSERT, columns(rows))
        return {row[0] for row in cursor.fetchall()}


def rows_of(orders: Iterable[Order]) -> list[Row]:
    """Each row once, though it be in several orders."""
    rows: dict[UUID, Row] = {}
    for order in orders:
        for row in order.rows:
            if isinstance(row, tuple):
                rows.setdefault(row[1].key, row[1])
    return list(rows.values())


def columns(rows: Sequence[Row]) -> list[list[Any]]:
    return [[getattr(row, field) for row in rows] for field in Row.__struct_fields__]


def kept_columns(kept: Sequence[Kept]) -> list[list[Any]]:
    return [[getattr(one, field) for one in kept] for field in Kept.__struct_fields__]
