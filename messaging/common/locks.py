"""Advisory locks of PostgreSQL, held until the transaction ends."""

from __future__ import annotations

from django.db import connection

PEOPLE = 0x6561  # first half of the lock's key; the second is the workspace's id
SENDING = 0x6562  # ... the broadcast's id
USES = 0x6563  # + source kind: ... the source's id


def hold_people(workspace_id: int) -> None:
    """Wait until nobody else adds, merges or erases people of this workspace, and keep it so."""
    _hold(PEOPLE, workspace_id)


def hold_broadcast(broadcast_id: int) -> None:
    _hold(SENDING, broadcast_id)


def hold_snapshot(source_kind: int, source_id: int) -> None:
    _hold(USES + source_kind, source_id)


def _hold(kind: int, which: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [kind, which & 0x7FFFFFFF])
