from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from console.accounts.access import WorkspaceRequest
from messaging.people.models import Person
from messaging.sources.services import person_deliveries


@require_safe
def deliveries(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """What one person was sent: an htmx fragment of the person's page."""
    person = get_object_or_404(Person.objects.of(request.workspace), pk=pk)
    found = person_deliveries.newest(request.workspace, person)
    return render(request, "messaging/people/_deliveries.html", {"deliveries": found})
