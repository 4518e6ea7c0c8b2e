"""The fragments of the forms of broadcasts and campaigns: the properties' fields, and what they come to."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from console.access import WorkspaceRequest
from messaging import content as contents
from messaging.errors import BadContent, BadTemplate
from messaging.forms.sources import BroadcastForm, CampaignForm, SourceForm
from messaging.services import naming, readiness, segments

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
