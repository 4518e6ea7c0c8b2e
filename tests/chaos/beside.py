"""Run beside the hurt stack, in its environment.

`tell` makes a story by the real services and says what it is about; `recount` waits for the consumers and says what
the database has in the end; `broadcast` launches a broadcast to many people. All speak JSON.
"""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import asdict
from typing import Any

KNOWN, ANONYMOUS = 24, 16
SIGNED_UP = "Signed up"
PATIENCE = 60  # seconds


def plain() -> dict[str, Any]:
    button = {"id": "yes", "text": "$properties.button_text", "name": "$properties.button_text"}
    more = {"id": "more", "text": "Read more", "name": "Read more", "track": False}
    nps = {"id": "nps", "name": "NPS", "behaviour": {"kind": "submit"}}
    return _draft(
        {"kind": "button", "id": "b1", "action": button | _custom("yes")},
        {"kind": "button", "id": "b2", "action": more | _custom("more")},
        {"kind": "rating", "id": "r1", "scale": "nps", "action": nps},
    )


def personal() -> dict[str, Any]:
    name = "Count on {{ customer.first_name | default: 'me' }}"
    return _draft({"kind": "button", "id": "b1", "action": {"id": "count", "text": name, "name": name} | _custom("c")})


def _custom(value: str) -> dict[str, Any]:
    return {"behaviour": {"kind": "custom", "value": value}}


def _draft(*blocks: dict[str, Any]) -> dict[str, Any]:
    return {"steps": [{"id": "s1", "name": "Ask", "blocks": list(blocks)}]}


def tell() -> dict[str, Any]:
    from console.accounts.models import KeyKind, Workspace
    from console.accounts.services import keys
    from messaging import public
    from messaging.broadcasts.services import broadcasts, sending
    from messaging.campaigns.models import Campaign
    from messaging.campaigns.services import campaigns
    from messaging.deliveries.models import Delivery
    from messaging.messages import services as messages
    from messaging.people.models import Person
    from tracking import consumers
    from tracking.ingest import line
    from tracking.ingest.values import IngestRequest

    workspace = Workspace.objects.create(name="Acme", slug="acme")
    write_key = keys.issue(workspace=workspace, kind=KeyKind.WRITE, name="web", by=None)[1]
    calls = [{"type": "identify", "userId": f"p{n}", "traits": {"first_name": f"P{n % 5}"}} for n in range(KNOWN)]
    calls += [{"type": "identify", "anonymousId": f"a{n}", "traits": {"seen": n}} for n in range(ANONYMOUS)]
    now = _now()
    line.run(IngestRequest(None, json.dumps({"batch": calls}).encode(), now, authorization=f"Bearer {write_key}"))
    consumers.run_all()

    made = {}
    for name, draft in (("Plain", plain()), ("Personal", personal())):
        made[name] = messages.create(workspace=workspace, name=name, draft=draft, by=None)
        messages.publish(made[name], by=None)
        made[name].refresh_from_db()
        text = {"button_text": "Join"} if name == "Plain" else {}
        sent = broadcasts.create(workspace=workspace, by=None, name=name, message=made[name], properties=text)
        broadcasts.launch(sent, by=None)
        sending.send(sent.pk)
    campaign: Campaign = campaigns.create(
        workspace=workspace, by=None, name="Welcome", trigger_event=SIGNED_UP, message=made["Plain"],
        properties={"button_text": "Hello"}, frequency="always",
    )  # fmt: skip
    campaigns.start(campaign, by=None)
    return {
        "workspace": workspace.pk,
        "write_key": write_key,
        "campaign": campaign.pk,
        "known": dict(Person.objects.filter(external_id__isnull=False).values_list("external_id", "pk")),
        "anonymous": {
            public.known_as(workspace.pk, person)[1][0]: person
            for person in Person.objects.filter(external_id__isnull=True).values_list("pk", flat=True)
        },
        "deliveries": [_delivery(one) for one in Delivery.objects.order_by("pk")],
        "log": _log(),
    }


def _delivery(delivery: Any) -> dict[str, Any]:
    from messaging import public
    from messaging.deliveries.services import delivery_content
    from messaging.deliveries.tokens import write_token
    from messaging.values import DeliveryRef

    ref = DeliveryRef(delivery.workspace_id, delivery.snapshot_id, delivery.person_id, delivery.pk, False)
    snapshot = public.snapshots([delivery.snapshot_id])[delivery.snapshot_id]
    assert delivery_content.show(ref) is not None
    actions = public.rendered_actions([ref])[ref.delivery_id] if snapshot.personal else snapshot.actions
    source = [snapshot.source_kind, snapshot.source_id, snapshot.message_id]
    return {
        "token": write_token(ref), "id": delivery.pk, "person": delivery.person_id, "source": source,
        "personal": snapshot.personal, "actions": [asdict(action) for action in actions],
    }  # fmt: skip


def recount(day: str, campaign: int) -> dict[str, Any]:
    from datetime import date

    from messaging import public
    from messaging.common.source_kinds import SourceKind
    from messaging.deliveries.models import Delivery, SendCount
    from tracking import consumers
    from tracking.erasure.models import Merged
    from tracking.ingest.models import Event
    from tracking.responses.models import Response
    from tracking.rollups import read

    deadline = time.monotonic() + PATIENCE
    while any(one.rows for one in consumers.lag()) and time.monotonic() < deadline:
        time.sleep(0.3)
    lag = [asdict(one) for one in consumers.lag()]
    sources = Event.objects.filter(kind__gte=7).values_list("workspace_id", "source_kind", "source_id").distinct()
    counts: dict[str, list[Any]] = {"all": [], "day": []}
    for scope, range_ in (("all", {}), ("day", {"since": date.fromisoformat(day), "until": date.fromisoformat(day)})):
        for source in sources:
            for c in read.counts(*source, **range_, names=10_000):
                key = [*source[1:], c.message_id, int(c.kind), c.action_id, c.name]
                counts[scope].append([key, c.total, c.distinct])
    triggered = Delivery.objects.filter(source_kind=SourceKind.CAMPAIGN, source_id=campaign)
    gone = Merged.objects.values_list("gone", flat=True)
    return {
        "lag": lag,
        "log": _log(),
        "responses": [str(key) for key in Response.objects.values_list("key", flat=True)],
        "tracked": Event.objects.filter(kind__gte=7, action_id__isnull=False).count(),
        "counts": counts,
        "triggers": [str(key) for key in triggered.values_list("trigger", flat=True)],
        "sent": sum(SendCount.objects.filter(source_id=campaign, source_kind=2).values_list("count", flat=True)),
        "merged": dict(Merged.objects.values_list("gone", "kept")),
        "canonical": public.canonical(Event.objects.values_list("workspace_id", flat=True)[:1][0], list(gone)),
    }


def broadcast(people: int) -> dict[str, Any]:
    """A broadcast to so many people, for the workers to send."""
    from django.db import connection

    from console.accounts.models import Workspace
    from messaging.broadcasts.services import broadcasts
    from messaging.messages import services as messages

    workspace = Workspace.objects.create(name="Acme", slug="acme")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO messaging_person (workspace_id, external_id, attributes, created_at, updated_at)"
            " SELECT %s, 'p' || n, '{}', now(), now() FROM generate_series(1, %s) AS n",
            [workspace.pk, people],
        )
    message = messages.create(workspace=workspace, name="Plain", draft=plain(), by=None)
    messages.publish(message, by=None)
    message.refresh_from_db()
    sent = broadcasts.create(
        workspace=workspace, by=None, name="All", message=message, properties={"button_text": "Join"}
    )
    broadcasts.launch(sent, by=None)
    return {"broadcast": sent.pk}


def _log() -> list[str]:
    from tracking.ingest.models import Event

    return [str(key) for key in Event.objects.values_list("key", flat=True)]


def _now() -> Any:
    from django.utils import timezone

    return timezone.now()


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "console.settings")
    import django

    django.setup()
    command, *words = sys.argv[1:]
    commands: dict[str, Any] = {
        "tell": tell,
        "recount": lambda day, campaign: recount(day, int(campaign)),
        "broadcast": lambda people: broadcast(int(people)),
    }
    json.dump(commands[command](*words), sys.stdout)


if __name__ == "__main__":
    main()
