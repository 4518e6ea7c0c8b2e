"""The fragments of the forms of broadcasts and campaigns: the properties' fields, and what they come to."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from console.access import WorkspaceRequest
from messaging import content as contents
from messaging.errors import BadContent, BadTemplate
from messaging.forms.sources import BroadcastForm, CampaignForm, SourceForm
from messaging.models import Broadcast, Campaign
from messaging.services import failures, naming, readiness, segments

SOURCES: dict[str, tuple[Any, str]] = {
    "broadcasts": (Broadcast, "messaging:broadcast"),
    "campaigns": (Campaign, "messaging:campaign"),
}
FORMS: dict[str, type[SourceForm]] = {"broadcasts": BroadcastForm, "campaigns": CampaignForm}


@require_POST
def fields(request: WorkspaceRequest, kind: str) -> HttpResponse:
    return render(request, "messaging/_partials/properties.html", _context(request, kind))


@require_POST
def preview(request: WorkspaceRequest, kind: str) -> HttpResponse:
    return render(request, "messaging/_partials/resolved.html", _context(request, kind))


@require_POST
def audience(request: WorkspaceRequest) -> HttpResponse:
    """How many people the chosen segment reaches now."""
    form = BroadcastForm(request.POST, workspace=request.workspace)
    form.is_valid()
    segment = form.cleaned_data.get("segment")
    reach = segments.reach(request.workspace, segment.rules if segment else {})
    return render(request, "messaging/_partials/reach.html", {"reach": reach})


@require_POST
def retry(request: WorkspaceRequest, kind: str, pk: int) -> HttpResponse:
    """Try again what could not be filled in."""
    if kind not in SOURCES:
        raise Http404("No such kind.")
    model, page = SOURCES[kind]
    source = get_object_or_404(model.objects.of(request.workspace).select_related("workspace"), pk=pk)
    tried = failures.retry(source, by=request.user)
    told = "1 delivery waits" if tried == 1 else f"{tried:,} deliveries wait"
    messages.success(request, f"{told} in the queue again and will be filled in when next fetched.")
    return redirect(page, workspace=request.workspace.slug, pk=pk)


def _context(request: WorkspaceRequest, kind: str) -> dict[str, object]:
    if kind not in FORMS:
        raise Http404("No such kind.")
    data = request.POST.copy()
    data.setdefault("message", "")
    form = FORMS[kind](data, workspace=request.workspace)
    asked = FORMS[kind](  # no complaints about fields that nobody has filled in yet
        workspace=request.workspace,
        initial={name: form[name].value() for name in form.fields},
    )
    return {"form": asked, "kind": kind, **resolved(form)}


def resolved(form: SourceForm) -> dict[str, object]:
    """The actions under the names that metrics will show."""
    version = readiness.latest(form.chosen)
    if version is None:
        return {"actions": []}
    try:
        return {"actions": naming.actions(contents.read(version.content), form.posted_properties())}
    except (BadTemplate, BadContent) as error:
        return {"actions": [], "trouble": str(error)}
