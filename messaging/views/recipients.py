"""The people of a broadcast or campaign: who got it, and who would."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from console.access import WorkspaceRequest
from messaging.models import Broadcast
from messaging.services import recipients
from messaging.views.paging import page_of
from messaging.views.sources import source_or_404

WAITING = ("draft", "scheduled")


@require_GET
def people(request: WorkspaceRequest, kind: str, pk: int) -> HttpResponse:
    source = source_or_404(request, kind, pk)
    context = {"source": source, "kind": kind}
    if isinstance(source, Broadcast) and source.status in WAITING:
        page = page_of(request, recipients.ahead(source))
        return render(request, "messaging/recipients/ahead.html", {**context, "page": page})
    sent = page_of(request, recipients.sent(source))
    told = recipients.told(request.workspace.pk, sent.object_list)
    return render(request, "messaging/recipients/sent.html", {**context, "page": sent, "told": told})
