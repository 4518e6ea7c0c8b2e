"""Makers of calls and of snapshots with known actions."""

from __future__ import annotations

import gzip
import json
from typing import Any

from console.accounts.models import Workspace
from messaging.common.source_kinds import SourceKind
from messaging.deliveries.models import Delivery
from messaging.deliveries.tokens import write_token
from messaging.messages.models import MessageVersion
from messaging.snapshots.models import Snapshot
from messaging.values import DeliveryRef
from tests.people import make_message, make_person, make_write_key
from tests.tracking.log import NOON
from tracking.ingest import inbox, resolve

ACTIONS = [
    {"id": "yes", "name": "Yes please", "tracked": True},
    {"id": "more", "name": "Read more", "tracked": False},
    {"id": "later", "name": "Later", "tracked": True, "dismissal": True},
    {"id": "five", "name": "Stars", "tracked": True, "value": "5"},
    {"id": "four", "name": "Stars", "tracked": True, "value": "4"},
    {"id": "shown", "name": "Twice", "tracked": True},
    {"id": "hidden", "name": "Twice", "tracked": False},
    {"id": "close", "name": "Dismissed", "tracked": True, "dismissal": True},
]


def forget_all() -> None:
    """Caches of the process outlive the rows of a test."""
    inbox.forget()
    resolve.forget()


def make_snapshot(
    workspace: Workspace, *, personal: bool = False, close_tracked: bool = True, source_id: int = 1
) -> Snapshot:
    message = make_message(workspace, f"Survey {Snapshot.objects.count()}")
    version = MessageVersion.objects.create(message=message, number=1, content=message.draft)
    blank = {"template": "", "text": "", "dismissal": False, "value": "", "step": "s1"}
    actions = [blank | {"template": a["name"], "text": a["name"]} | a for a in ACTIONS]
    actions[-1]["tracked"] = close_tracked
    return Snapshot.objects.create(
        workspace=workspace,
        source_kind=SourceKind.BROADCAST,
        source_id=source_id,
        message=message,
        version=version,
        actions=actions,
        personal=personal,
    )


def make_delivery(snapshot: Snapshot, external_id: str = "p1", *, test: bool = False, **over: Any) -> str:
    """The delivery id as the client knows it."""
    person = make_person(snapshot.workspace, external_id)
    delivery = Delivery.objects.create(
        workspace_id=snapshot.workspace_id,
        person_id=person.pk,
        snapshot_id=snapshot.pk,
        source_kind=snapshot.source_kind,
        source_id=snapshot.source_id,
        message_id=snapshot.message_id,
        created_at=NOON,
        test=test,
        **over,
    )
    return write_token(DeliveryRef(snapshot.workspace_id, snapshot.pk, person.pk, delivery.pk, test))


def report(delivery_id: str, metric: str = "clicked", **properties: Any) -> dict[str, Any]:
    return {
        "type": "track",
        "event": "Report Delivery Event",
        "properties": {"deliveryId": delivery_id, "metric": metric, **properties},
    }


class Caller:
    """A client with a write key, over Django's test client."""

    def __init__(self, client: Any, workspace: Workspace) -> None:
        self.client = client
        self.key = make_write_key(workspace)

    def __call__(self, kind: str, body: Any, *, key: str | None = None, zipped: bool = False, **headers: str) -> Any:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        extra = {"authorization": f"Bearer {key or self.key}", **headers}
        if zipped:
            raw, extra["content-encoding"] = gzip.compress(raw), "gzip"
        return self.client.post(f"/v1/{kind}", raw, content_type="text/plain", headers=extra)

    def verdicts(self, kind: str, body: Any, **kwargs: Any) -> list[str]:
        """accepted, duplicate, or the code of the rejection."""
        answer = self(kind, body, **kwargs)
        assert answer.status_code in (200, 400, 401, 413), answer.content
        return [result.get("code", result["verdict"]) for result in answer.json()["results"]]
