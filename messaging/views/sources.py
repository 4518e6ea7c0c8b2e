"""The fragments of the forms of broadcasts and campaigns: the properties' fields, and what they come to."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from console.access import WorkspaceRequest
from console.middleware import only_reads
from messaging import content as contents
from messaging.errors import BadContent, BadTemplate, IllegalMove, NameTaken
from messaging.forms.sources import BroadcastForm, CampaignForm, SourceForm
from messaging.models import Broadcast, Campaign
from messaging.services import drafts, failures, naming, segments, send_checks

SOURCES: dict[str, tuple[Any, str]] = {
    "broadcasts": (Broadcast, "messaging:broadcast"),
    "campaigns": (Campaign, "messaging:campaign"),
}
FORMS: dict[str, type[SourceForm]] = {"broadcasts": BroadcastForm, "campaigns": CampaignForm}


@only_reads
@require_POST
def fields(request: WorkspaceRequest, kind: str) -> HttpResponse:
    return render(request, "messaging/_partials/properties.html", _context(request, kind))


@only_reads
@require_POST
def preview(request: WorkspaceRequest, kind: str) -> HttpResponse:
    return render(request, "messaging/_partials/resolved.html", _context(request, kind))


@only_reads
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
    source = source_or_404(request, kind, pk)
    tried = failures.retry(source, by=request.user)
    told = "1 delivery waits" if tried == 1 else f"{tried:,} deliveries wait"
    messages.success(request, f"{told} in the queue again and will be filled in when next fetched.")
    return redirect(SOURCES[kind][1], workspace=request.workspace.slug, pk=pk)


@require_POST
def duplicate(request: WorkspaceRequest, kind: str, pk: int) -> HttpResponse:
    source = source_or_404(request, kind, pk)
    try:
        copy = drafts.duplicate(source, by=request.user)
    except NameTaken as error:
        messages.error(request, str(error))
        return redirect(SOURCES[kind][1], workspace=request.workspace.slug, pk=pk)
    messages.success(request, f"“{copy}” is a draft with all that “{source}” had.")
    return redirect(f"{SOURCES[kind][1]}_edit", workspace=request.workspace.slug, pk=copy.pk)


@require_POST
def delete(request: WorkspaceRequest, kind: str, pk: int) -> HttpResponse:
    source = source_or_404(request, kind, pk)
    try:
        drafts.delete(source, by=request.user)
    except IllegalMove as error:
        messages.error(request, str(error))
        return redirect(SOURCES[kind][1], workspace=request.workspace.slug, pk=pk)
    messages.success(request, f"“{source}” is deleted.")
    return redirect(f"messaging:{kind}", workspace=request.workspace.slug)


def source_or_404(request: WorkspaceRequest, kind: str, pk: int) -> Broadcast | Campaign:
    if kind not in SOURCES:
        raise Http404("No such kind.")
    found: Broadcast | Campaign = get_object_or_404(
        SOURCES[kind][0].objects.of(request.workspace).select_related("workspace", "message"), pk=pk
    )
    return found


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
    version = send_checks.latest(form.chosen)
    if version is None:
        return {"actions": []}
    try:
        return {"actions": naming.actions(contents.read(version.content), form.posted_properties())}
    except (BadTemplate, BadContent) as error:
        return {"actions": [], "trouble": str(error)}
