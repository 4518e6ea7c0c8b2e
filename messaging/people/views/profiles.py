"""A person added by hand, and their attributes edited."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from console.accounts.access import WorkspaceRequest, needs
from console.accounts.models import Role
from messaging.errors import NameTaken, Outdated
from messaging.people.forms import KINDS, AttributeForm, PersonForm, Row
from messaging.people.models import Person
from messaging.people.services import profiles as service


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Role.AUTHOR)
def new(request: WorkspaceRequest) -> HttpResponse:
    posted = request.POST if request.method == "POST" else None
    form, rows = PersonForm(posted), AttributeForm(data=posted)
    if posted is not None and form.is_valid() & rows.is_valid():
        external_id = form.cleaned_data["external_id"]
        try:
            person = service.add(
                workspace=request.workspace, by=request.user, external_id=external_id, attributes=rows.attributes
            )
        except NameTaken as error:
            form.add_error("external_id", str(error))
        else:
            return _saved(request, person)
    context = {"form": form, "rows": rows}
    return render(request, "messaging/people/edit.html", context, status=200 if posted is None else 422)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Role.AUTHOR)
def edit(request: WorkspaceRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(Person.objects.of(request.workspace), pk=pk)
    posted = request.POST if request.method == "POST" else None
    seen = service.fingerprint(person.attributes) if posted is None else posted.get("seen", "")
    rows = AttributeForm(person.attributes, posted)
    if posted is not None and rows.is_valid():
        try:
            service.change(person, by=request.user, attributes=rows.attributes, seen=seen)
        except Outdated as error:
            rows.error = str(error)
        else:
            return _saved(request, person)
    context = {"person": person, "rows": rows, "seen": seen}
    return render(request, "messaging/people/edit.html", context, status=200 if posted is None else 422)


@require_GET
def row(request: WorkspaceRequest) -> HttpResponse:
    """An empty row of the attributes; an htmx fragment."""
    return render(request, "messaging/people/_attribute_row.html", {"row": Row(), "kinds": KINDS})


def _saved(request: WorkspaceRequest, person: Person) -> HttpResponse:
    messages.success(request, f"“{person}” is saved.")
    return redirect("messaging:person", workspace=request.workspace.slug, pk=person.pk)
