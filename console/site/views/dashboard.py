"""Where one stands: what was sent lately, and what is still to be set up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from console.accounts.access import WorkspaceRequest
from console.accounts.models import ApiKey, KeyKind, Membership, Workspace
from messaging.broadcasts.models import Broadcast
from messaging.campaigns.models import Campaign
from messaging.messages.models import Message, MessageVersion
from messaging.people.models import Person
from tracking.ingest.models import Event

LATELY = 5


@dataclass(frozen=True)
class Step:
    done: bool
    title: str
    text: str
    url: str


@require_safe
def dashboard(request: WorkspaceRequest) -> HttpResponse:
    steps = _steps(request.workspace)
    context = {
        "broadcasts": Broadcast.objects.of(request.workspace).newest()[:LATELY],
        "campaigns": Campaign.objects.of(request.workspace).newest()[:LATELY],
        "steps": steps,
        "done": sum(step.done for step in steps),
    }
    return render(request, "console/dashboard.html", context)


@require_safe
def counts(request: WorkspaceRequest) -> HttpResponse:
    """A hole of the dashboard, because counting a million people takes a moment."""
    workspace = request.workspace
    facts: list[tuple[str, int, str]] = [
        ("People", Person.objects.of(workspace).count(), "messaging:people"),
        ("Messages", Message.objects.of(workspace).active().count(), "messaging:messages"),
        ("Broadcasts", Broadcast.objects.of(workspace).count(), "messaging:broadcasts"),
        ("Running campaigns", Campaign.objects.of(workspace).running().count(), "messaging:campaigns"),
    ]
    return render(request, "console/_counts.html", {"facts": facts})


def _steps(workspace: Workspace) -> list[Step]:
    """Each ticks itself from what is there."""

    def to(name: str, **kwargs: Any) -> str:
        return reverse(name, kwargs={"workspace": workspace.slug, **kwargs})

    return [
        Step(
            ApiKey.objects.of(workspace).live().filter(kind=KeyKind.WRITE).exists(),
            "Create a write key",
            "The key that lets your app or site fetch messages and report responses.",
            to("console:keys"),
        ),
        Step(
            Event.objects.filter(workspace_id=workspace.pk).exists(),
            "Connect your app",
            "Paste the snippet into your page, open it, and the first event arrives here.",
            to("console:keys"),
        ),
        Step(
            Person.objects.of(workspace).exists(),
            "Meet your people",
            "Identify somebody from your app, or add a person by hand.",
            to("messaging:people"),
        ),
        Step(
            MessageVersion.objects.filter(message__workspace=workspace).exists(),
            "Publish a message",
            "Write a message or a microsurvey; name its actions so that you know them again in the results.",
            to("messaging:messages"),
        ),
        Step(
            Broadcast.objects.of(workspace).filter(started_at__isnull=False).exists()
            or Campaign.objects.of(workspace).filter(started_at__isnull=False).exists(),
            "Send it",
            "Once to an audience as a broadcast, or whenever something happens as a campaign.",
            to("messaging:broadcasts"),
        ),
        Step(
            Membership.objects.filter(workspace=workspace).count() > 1,
            "Bring in a colleague",
            "Authors write and send; viewers look at results.",
            to("console:members"),
        ),
    ]
