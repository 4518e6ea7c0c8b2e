"""The people of a source: who got it, and who would."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from console.accounts.access import WorkspaceRequest
from messaging.common.paging import page_of
from messaging.sources.services import recipients
from messaging.sources.views.sources import source_or_404


@require_GET
def people(request: WorkspaceRequest, kind: str, pk: int) -> HttpResponse:
    source = source_or_404(request, kind, pk)
    context = {"source": source, "kind": kind}
    if (ahead := source.people_ahead()) is not None:
        page = page_of(request, ahead)
        return render(request, "messaging/recipients/ahead.html", {**context, "page": page})
    sent = page_of(request, recipients.sent(source))
    told = recipients.told(request.workspace.pk, sent.object_list)
    return render(request, "messaging/recipients/sent.html", {**context, "page": sent, "told": told})
