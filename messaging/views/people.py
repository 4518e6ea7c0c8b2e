from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from console.access import WorkspaceRequest
from messaging.models import Delivery, Person
from messaging.services import people as service
from messaging.views.paging import page_of


@require_GET
def people(request: WorkspaceRequest) -> HttpResponse:
    q = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    page = page_of(request, service.search(request.workspace, q))
    return render(request, "messaging/people/index.html", {"page": page, "q": q})


@require_GET
def person(request: WorkspaceRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Person.objects.of(request.workspace), pk=pk)
    selves = service.family(request.workspace.pk, found.pk)
    sent = Delivery.objects.filter(workspace_id=request.workspace.pk, person_id__in=selves).order_by("-created_at")
    return render(request, "messaging/people/detail.html", {"person": found, "deliveries": sent[:50]})
