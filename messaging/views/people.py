from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from console.access import WorkspaceRequest
from messaging import attributes
from messaging.models import Person
from messaging.services import people as service
from messaging.services import person_deliveries
from messaging.views.paging import page_of


@require_GET
def people(request: WorkspaceRequest) -> HttpResponse:
    q = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    page = page_of(request, service.search(request.workspace, q))
    return render(request, "messaging/people/index.html", {"page": page, "q": q})


@require_GET
def person(request: WorkspaceRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Person.objects.of(request.workspace), pk=pk)
    context = {
        "person": found,
        "attributes": [(name, attributes.shown(value)) for name, value in sorted(found.attributes.items())],
        "deliveries": person_deliveries.newest(request.workspace, found),
    }
    return render(request, "messaging/people/detail.html", context)
