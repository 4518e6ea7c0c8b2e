from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from console.accounts.access import WorkspaceRequest
from messaging.common.paging import page_of
from messaging.people import attributes
from messaging.people.models import Person
from messaging.people.services import people as service


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
    }
    return render(request, "messaging/people/detail.html", context)
