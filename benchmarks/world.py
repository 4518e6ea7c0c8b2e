"""A workspace with a sent broadcast, made straight in the tables: what every benchmark stands on."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import connection
from django.utils import timezone

if TYPE_CHECKING:  # models cannot be imported before Django is set up
    from console.accounts.models import Workspace
    from messaging.messages.models import Message, MessageVersion

ACTIONS = 10


@dataclass(frozen=True)
class World:
    workspace_id: int
    write_key: str
    snapshot_id: int
    source_id: int
    message_id: int
    tokens: Path


def make(people: int = 2_000) -> World:
    """Migrate, and make `people` people with one delivery each; their tokens stand in a file, one a line."""
    from django.core.management import call_command

    from console.accounts.models import KeyKind, Workspace
    from console.accounts.services import keys

    call_command("migrate", verbosity=0)
    subprocess.run(
        [sys.executable, "-m", "benchmarks.reference.tables"],
        check=True,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "benchmarks.reference.settings"},
    )
    workspace = Workspace.objects.create(name="Bench", slug="bench")
    _, write_key = keys.issue(workspace=workspace, kind=KeyKind.WRITE, name="bench", by=None)
    message, version = publish(workspace)
    world = source(workspace, message, version, "Bench", write_key)
    make_people(world.workspace_id, people)
    deliver(world)
    write_tokens(world)
    return world


def write_tokens(world: World) -> None:
    """The ids of the source's deliveries, one a line."""
    from messaging.deliveries.tokens import write_token
    from messaging.values import DeliveryRef

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id, id FROM messaging_delivery WHERE workspace_id = %s AND source_id = %s",
            [world.workspace_id, world.source_id],
        )
        refs = [
            DeliveryRef(world.workspace_id, world.snapshot_id, person, delivery, False)
            for person, delivery in cursor.fetchall()
        ]
    world.tokens.write_text("\n".join(write_token(ref) for ref in refs) + "\n")


def publish(workspace: Workspace) -> tuple[Message, MessageVersion]:
    """A published message of one step with ten buttons, each tracked."""
    from messaging.messages.models import Message, MessageVersion

    content = {"steps": [{"id": "s", "name": "Ask", "blocks": [button(n) for n in range(ACTIONS)]}]}
    message = Message.objects.create(workspace=workspace, name="Bench", draft=content)
    return message, MessageVersion.objects.create(message=message, number=1, content=content)


def source(workspace: Workspace, message: Message, version: MessageVersion, name: str, write_key: str) -> World:
    """A broadcast of the message, sent, but not yet to anybody."""
    from messaging.broadcasts.models import Broadcast, BroadcastStatus
    from messaging.common.source_kinds import SourceKind
    from messaging.snapshots.models import Snapshot

    broadcast = Broadcast.objects.create(workspace=workspace, name=name, message=message)
    snapshot = Snapshot.objects.create(
        workspace=workspace,
        source_kind=SourceKind.BROADCAST,
        source_id=broadcast.pk,
        message=message,
        version=version,
        actions=[action(n) for n in range(ACTIONS)],
        personal=False,
    )
    now = timezone.now()
    Broadcast.objects.filter(pk=broadcast.pk).update(
        snapshot=snapshot, status=BroadcastStatus.FINISHED, started_at=now - timedelta(days=30), finished_at=now
    )
    tokens = Path(os.environ["EARSHOT_DATA"]) / f"tokens-{broadcast.pk}"
    return World(workspace.pk, write_key, snapshot.pk, broadcast.pk, message.pk, tokens)


def another(world: World, name: str) -> World:
    """One more broadcast in the world's workspace, of the same message."""
    from console.accounts.models import Workspace
    from messaging.messages.models import Message

    message = Message.objects.get(pk=world.message_id)
    workspace = Workspace.objects.get(pk=world.workspace_id)
    return source(workspace, message, message.versions.get(), name, world.write_key)


def button(n: int) -> dict[str, object]:
    text = "Count me in" if n == 0 else f"Answer {n}"
    return {"kind": "button", "id": f"b{n}", "action": {"id": "yes" if n == 0 else f"a{n}", "text": text, "name": text}}


def action(n: int) -> dict[str, object]:
    text = "Count me in" if n == 0 else f"Answer {n}"
    return {
        "id": "yes" if n == 0 else f"a{n}",
        "name": text,
        "template": text,
        "text": text,
        "tracked": True,
        "dismissal": False,
        "value": "",
        "step": "s",
    }


def make_people(workspace_id: int, count: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO messaging_person (workspace_id, external_id, attributes, created_at, updated_at)"
            " SELECT %s, 'user-' || n, jsonb_build_object('plan', n %% 3), now(), now() FROM generate_series(1, %s) n"
            " ON CONFLICT DO NOTHING",
            [workspace_id, count],
        )


def deliver(world: World, whom: str = "true") -> None:
    """To everybody, or to those of whom the SQL condition `whom` is true."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO messaging_delivery (workspace_id, person_id, snapshot_id, source_kind, source_id, message_id,"
            " trigger, state, test, created_at, dismiss_reason)"
            " SELECT workspace_id, id, %s, 1, %s, %s, '00000000-0000-0000-0000-000000000000', 1, false, now(), ''"
            f" FROM messaging_person WHERE workspace_id = %s AND {whom} ON CONFLICT DO NOTHING",
            [world.snapshot_id, world.source_id, world.message_id, world.workspace_id],
        )
