"""Makers of endpoints that tests can reach, and of reports for them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import F

from console.accounts.models import Workspace
from tests.tracking.log import NOON, make_report, write
from tracking import consumers
from tracking.ingest.models import Event, EventKind
from tracking.webhooks import sender
from tracking.webhooks.models import Webhook, WebhookDelivery


def make_webhook(workspace: Workspace, url: str = "https://example.org/hook", **over: Any) -> Webhook:
    """One that was there before all that a test writes."""
    webhook = Webhook.objects.create(workspace=workspace, url=url, **{"created_at": NOON, **over})
    webhook.refresh_from_db()
    return webhook


def heard(workspace: Workspace, kind: EventKind = EventKind.CLICKED, **over: Any) -> Event:
    """A report in the log."""
    event = make_report(workspace.pk, kind, **over)
    write(event)
    return event


def later(seconds: float = 365 * 86_400) -> None:
    """Let time pass for all that waits, in the outbox and for endpoints."""
    past = timedelta(seconds=seconds)
    WebhookDelivery.objects.filter(due_at__isnull=False).update(due_at=F("due_at") - past)
    Webhook.objects.filter(paused_until__isnull=False).update(paused_until=F("paused_until") - past)
    Webhook.objects.filter(failing_since__isnull=False).update(failing_since=F("failing_since") - past)


def follow_and_send() -> int:
    """How many tries were made."""
    consumers.run_all()
    return sender.send()
