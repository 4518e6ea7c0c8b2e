"""What every source has, and the fragments of its form: the properties' fields, and what they come to."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from console.accounts.access import WorkspaceRequest
from console.accounts.middleware import only_reads
from messaging import content as contents
from messaging.errors import BadContent, BadTemplate, IllegalMove, NameTaken
from messaging.snapshots import naming
from messaging.sources.forms import SourceForm
from messaging.sources.models import Source
from messaging.sources.registry import SourceType, by_slug, type_of
from messaging.sources.services import drafts, failures, send_checks


@only_reads
@require_POST
def fields(request: WorkspaceRequest, kind: str) -> HttpResponse:
    return render(request, "messaging/_partials/properties.html", _context(request, kind))


@only_reads
@require_POST
def preview(request: WorkspaceRequest, kind: str) -> HttpResponse:
    return render(request, "messaging/_partials/resolved.html", _context(request, kind))


@require_POST
def retry(request: WorkspaceRequest, kind: str, pk: int) -> HttpResponse:
    """Try again what could not be filled in."""
    source = source_or_404(request, kind, pk)
    tried = failures.retry(source, by=request.user)
    told = "1 delivery waits" if tried == 1 else f"{tried:,} deliveries wait"
    messages.success(request, f"{told} in the queue again and will be filled in when next fetched.")
    return redirect(type_of(source).page, workspace=request.workspace.slug, pk=pk)


@require_POST
def duplicate(request: WorkspaceRequest, kind: str, pk: int) -> HttpResponse:
    source = source_or_404(request, kind, pk)
    try:
        copy = drafts.duplicate(source, by=request.user)
    except NameTaken as error:
        messages.error(request, str(error))
        return redirect(type_of(source).page, workspace=request.workspace.slug, pk=pk)
    messages.success(request, f"“{copy}” is a draft with all that “{source}” had.")
    return redirect(f"{type_of(source).page}_edit", workspace=request.workspace.slug, pk=copy.pk)


@require_POST
def delete(request: WorkspaceRequest, kind: str, pk: int) -> HttpResponse:
    source = source_or_404(request, kind, pk)
    try:
        drafts.delete(source, by=request.user)
    except IllegalMove as error:
        messages.error(request, str(error))
        return redirect(type_of(source).page, workspace=request.workspace.slug, pk=pk)
    messages.success(request, f"“{source}” is deleted.")
    return redirect(f"messaging:{kind}", workspace=request.workspace.slug)


def source_or_404(request: WorkspaceRequest, kind: str, pk: int) -> Source:
    rows = _type_or_404(kind).rows().filter(workspace=request.workspace).select_related("workspace", "message")
    found: Source = get_object_or_404(rows, pk=pk)
    return found


def _type_or_404(kind: str) -> SourceType:
    if (found := by_slug(kind)) is None:
        raise Http404("No such kind.")
    return found


def _context(request: WorkspaceRequest, kind: str) -> dict[str, object]:
    form_class = _type_or_404(kind).form
    data = request.POST.copy()
    data.setdefault("message", "")
    form = form_class(data, workspace=request.workspace)
    asked = form_class(  # no complaints about fields that nobody has filled in yet
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
