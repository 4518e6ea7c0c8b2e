"""A broadcast to everybody through the real service, against one `INSERT ... SELECT` of the same rows."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count

from django.db import connection

from benchmarks import world as worlds
from benchmarks.rows import Row, at_least, interleaved
from benchmarks.sizes import PEOPLE, ROUNDS
from benchmarks.world import World
from console.accounts.models import Workspace
from messaging.broadcasts.models import Broadcast, BroadcastStatus
from messaging.broadcasts.services import broadcasts, sending
from messaging.messages.models import Message

_numbers = count(1)


def rows(_: World) -> Iterator[Row]:
    workspace = Workspace.objects.create(name="Crowd", slug="crowd")
    message, _version = worlds.publish(workspace)
    worlds.make_people(workspace.pk, PEOPLE)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE messaging_person")
    sent, inserted = interleaved(ROUNDS, lambda: send(workspace, message), lambda: insert(workspace, message))
    note = f"{PEOPLE:,} people, each once, in {PEOPLE / sent:.1f} s"
    yield at_least("broadcast, people sent to", "/s", sent, inserted, 0.3, note)
    clear(workspace)


def send(workspace: Workspace, message: Message) -> float:
    """People a second, from the confirmation to the end. It is launched as a person launches it, worked off here."""
    clear(workspace)
    broadcast = broadcasts.create(workspace=workspace, by=None, name=f"To all {next(_numbers)}", message=message)
    start = time.perf_counter()
    broadcasts.launch(broadcast, by=None)
    sending.send(broadcast.pk)
    elapsed = time.perf_counter() - start
    broadcast = Broadcast.objects.get(pk=broadcast.pk)
    if (broadcast.status, broadcast.sent, waiting(workspace)) != (BroadcastStatus.FINISHED, PEOPLE, PEOPLE):
        raise SystemExit(f"Broken: {broadcast.status}, {broadcast.sent} sent, {waiting(workspace)} of {PEOPLE} there.")
    return PEOPLE / elapsed


def insert(workspace: Workspace, message: Message) -> float:
    clear(workspace)
    start = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [datetime.now(UTC), message.pk, workspace.pk])
    return PEOPLE / (time.perf_counter() - start)


INSERT = """
INSERT INTO messaging_delivery (workspace_id, person_id, snapshot_id, source_kind, source_id, message_id, trigger,
    state, test, created_at, dismiss_reason)
SELECT workspace_id, id, 1, 1, 1000000, m, '00000000-0000-0000-0000-000000000000', 1, false, at, ''
  FROM messaging_person, (SELECT %s::timestamptz AS at, %s::int AS m) AS same
 WHERE workspace_id = %s AND merged_into IS NULL
"""


def clear(workspace: Workspace) -> None:
    """The table as it was before, for both alike."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM messaging_delivery WHERE workspace_id = %s", [workspace.pk])
        cursor.execute("VACUUM messaging_delivery")
        cursor.execute("CHECKPOINT")


def waiting(workspace: Workspace) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM messaging_delivery WHERE workspace_id = %s", [workspace.pk])
        return int(cursor.fetchone()[0])
