from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from console.accounts.access import WorkspaceRequest
from console.accounts.middleware import only_reads
from messaging.common.paging import page_of
from messaging.errors import InUse, NameTaken
from messaging.rules.forms import OPERATORS, Row, RuleForm
from messaging.segments import services as service
from messaging.segments.forms import SegmentForm
from messaging.segments.models import Segment


@require_GET
def segments(request: WorkspaceRequest) -> HttpResponse:
    page = page_of(request, Segment.objects.of(request.workspace))
    return render(request, "messaging/segments/index.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: WorkspaceRequest) -> HttpResponse:
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def segment(request: WorkspaceRequest, pk: int) -> HttpResponse:
    return _edit(request, get_object_or_404(Segment.objects.of(request.workspace), pk=pk))


def _edit(request: WorkspaceRequest, segment: Segment | None) -> HttpResponse:
    posted = request.POST if request.method == "POST" else None
    form = SegmentForm(posted, initial={"name": segment.name if segment else ""})
    rules = RuleForm(segment.rules if segment else None, posted)
    if posted is not None and form.is_valid() & rules.is_valid():
        try:
            kept = service.save(
                segment, workspace=request.workspace, by=request.user, name=form.cleaned_data["name"], rules=rules.rules
            )
        except NameTaken as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, f"“{kept}” is saved.")
            return redirect("messaging:segments", workspace=request.workspace.slug)
    reach = service.reach(request.workspace, rules.rules) if rules.is_valid() else None
    context = {"form": form, "rules": rules, "segment": segment, "reach": reach}
    status = 200 if posted is None else 422
    return render(request, "messaging/segments/edit.html", context, status=status)


@require_POST
def delete(request: WorkspaceRequest, pk: int) -> HttpResponse:
    segment = get_object_or_404(Segment.objects.of(request.workspace), pk=pk)
    try:
        service.delete(segment, by=request.user)
    except InUse as error:
        messages.error(request, str(error))
        return redirect("messaging:segment", workspace=request.workspace.slug, pk=pk)
    messages.success(request, f"“{segment}” is deleted.")
    return redirect("messaging:segments", workspace=request.workspace.slug)


@only_reads
@require_POST
def count(request: WorkspaceRequest) -> HttpResponse:
    """How many people the rules in the form match now; an htmx fragment."""
    rules = RuleForm(data=request.POST)
    reach = service.reach(request.workspace, rules.rules) if rules.is_valid() else None
    return render(request, "messaging/_partials/reach.html", {"reach": reach})


@require_GET
def rule_row(request: WorkspaceRequest) -> HttpResponse:
    """An empty row of the rule builder; an htmx fragment."""
    return render(request, "messaging/_partials/rule_row.html", {"row": Row(), "operators": OPERATORS})
