"""The rows behind the numbers: filed responses, and those still in the log's tail, in one statement.

A response is filed by a consumer. Until then its event lies above the consumer's watermark, so filed rows and the tail
together are every acknowledged response, each exactly once (docs/decisions/0041).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal
from urllib.parse import urlencode
from uuid import UUID

from django.db import connection

from tracking.ingest.models import EventKind
from tracking.metrics import numbers
from tracking.metrics.ranges import BadRange, Range
from tracking.metrics.tally import Tally
from tracking.rollups.models import SubjectKind
from tracking.rollups.read import NAMES

FOLLOWER = "responses"
PAGE = 50
CHUNK = 2000

SQL = """
(
    SELECT key, person_id, delivery_id, message_id, action_id, name, dismissal, value, occurred_at
    FROM tracking_response r
    WHERE workspace_id = %(workspace)s AND source_kind = %(kind)s AND source_id = %(source)s {filters}
    ORDER BY occurred_at DESC, key DESC LIMIT %(limit)s
) UNION ALL (
    SELECT key, person_id, delivery_id, message_id, action_id, name, dismissal, value, occurred_at
    FROM (
        SELECT e.key, e.person_id, e.delivery_id, e.message_id, e.action_id, coalesce(e.name, '') AS name,
            e.kind = %(dismissed)s AS dismissal, coalesce(e.value, '') AS value, e.occurred_at
        FROM tracking_event e
        WHERE e.tx > tracking_consumed(%(consumer)s)
            AND e.kind = ANY(%(taps)s) AND e.action_id IS NOT NULL AND NOT e.test
            AND e.source_kind = %(kind)s AND e.source_id = %(source)s AND e.workspace_id = %(workspace)s
    ) tail
    WHERE true {filters}
    ORDER BY occurred_at DESC, key DESC LIMIT %(limit)s
)
ORDER BY occurred_at DESC, key DESC LIMIT %(limit)s
"""
FILTERS = {
    "message": "message_id = %(message)s",
    "action": "action_id = %(action)s",
    "name": "name = %(name)s",
    "dismissal": "dismissal = %(dismissal)s",
    "since": "occurred_at >= %(since)s",
    "until": "occurred_at < %(until)s",
    "after": "(occurred_at, key) < (%(after)s, %(after_key)s)",
}


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row of a page. Rows go from the newest to the oldest."""

    at: datetime
    key: UUID

    def __str__(self) -> str:
        return f"{self.at.isoformat()}_{self.key}"


@dataclass(frozen=True, slots=True)
class Filters:
    """Which responses of a source; all given ones together."""

    days: Range = field(default_factory=Range)
    message: int | None = None
    action: str | None = None
    name: str | None = None
    only: Literal["", "clicks", "dismissals"] = ""
    after: Cursor | None = None

    @property
    def query(self) -> dict[str, str]:
        """For a URL; without the cursor, so that it says the list and not the page."""
        said = {"message": self.message, "action": self.action, "name": self.name, "only": self.only or None}
        return self.days.query | {key: str(value) for key, value in said.items() if value is not None}

    @property
    def url(self) -> str:
        return urlencode(self.query)


@dataclass(frozen=True, slots=True)
class Answer:
    key: UUID
    person_id: int
    delivery_id: int
    message_id: int
    action_id: str
    name: str
    dismissal: bool
    value: str
    occurred_at: datetime

    @property
    def cursor(self) -> Cursor:
        return Cursor(self.occurred_at, self.key)


def answers(workspace_id: int, kind: int, source_id: int, filters: Filters, limit: int = PAGE) -> list[Answer]:
    """The newest responses after the cursor."""
    values: dict[str, Any] = {
        "message": filters.message,
        "action": filters.action,
        "name": filters.name,
        "dismissal": {"clicks": False, "dismissals": True}.get(filters.only),
        "since": filters.days.start,
        "until": filters.days.end,
        "after": filters.after and filters.after.at,
        "after_key": filters.after and filters.after.key,
    }
    where = "".join(f" AND {sql}" for key, sql in FILTERS.items() if values[key] is not None)
    fixed = {
        "consumer": FOLLOWER,
        "workspace": workspace_id,
        "kind": kind,
        "source": source_id,
        "limit": limit,
        "dismissed": EventKind.DISMISSED.value,
        "taps": [EventKind.CLICKED.value, EventKind.DISMISSED.value],
    }
    with connection.cursor() as cursor:
        cursor.execute(SQL.format(filters=where), values | fixed)
        return [Answer(*row) for row in cursor.fetchall()]


def all_answers(workspace_id: int, kind: int, source_id: int, filters: Filters) -> Iterator[list[Answer]]:
    """Every response, chunk by chunk: memory stays constant however many there are."""
    while chunk := answers(workspace_id, kind, source_id, filters, CHUNK):
        yield chunk
        filters = replace(filters, after=chunk[-1].cursor)


def read(query: Mapping[str, str], days: Range) -> Filters:
    """Filters from a query string; raises BadRange naming the field."""
    only = query.get("only", "")
    if only not in ("", "clicks", "dismissals"):
        raise BadRange("only", f"“{only[:40]}” is nothing to narrow to. Choose clicks or dismissals.")
    return Filters(
        days,
        _message(query.get("message", "")),
        _text(query, "action"),
        _text(query, "name"),
        only,  # type: ignore[arg-type]
        _cursor(query.get("after", "")),
    )


def _message(raw: str) -> int | None:
    if not raw:
        return None
    if not (raw.isascii() and raw.isdigit() and len(raw) < 10):
        raise BadRange("message", f"“{raw[:40]}” is no message. Choose one from the metrics page.")
    return int(raw)


def _text(query: Mapping[str, str], field: str) -> str | None:
    raw = query.get(field)
    if raw and "\0" in raw:
        raise BadRange(field, "It holds a NUL character, which no name can have. Remove it.")
    return raw


def _cursor(raw: str) -> Cursor | None:
    if not raw:
        return None
    try:
        at, key = raw.rsplit("_", 1)
        cursor = Cursor(datetime.fromisoformat(at), UUID(key))
    except ValueError as error:
        raise BadRange("after", "This page's address is damaged. Start again from the newest responses.") from error
    if cursor.at.tzinfo is None:
        raise BadRange("after", "This page's address is damaged. Start again from the newest responses.")
    return cursor


def counted(tally: Tally, filters: Filters) -> int | None:
    """How many responses there are, by the same counts as the metrics page; None where they do not tell."""
    if filters.only:
        return None
    if filters.message is not None:
        tally = tally.about(filters.message)
    if filters.action is None and filters.name is None:
        return numbers.responses(tally)
    names: dict[tuple[int, str], int] = Counter()
    total = 0
    for count in tally.of(SubjectKind.RESPONSE):
        names[count.message_id, count.action_id] += 1
        if filters.action in (None, count.action_id) and filters.name in (None, count.name):
            total += count.total
    truncated = any(many >= NAMES and filters.action in (None, action) for (_, action), many in names.items())
    return None if truncated and not (filters.name is not None and total) else total
