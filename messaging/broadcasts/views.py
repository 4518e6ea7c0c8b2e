from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from console.accounts.access import WorkspaceRequest
from console.accounts.middleware import only_reads
from messaging.broadcasts.forms import BroadcastForm
from messaging.broadcasts.models import Broadcast
from messaging.broadcasts.services import broadcasts as service
from messaging.common.paging import page_of
from messaging.errors import CannotSend, IllegalMove, NameTaken, Outdated
from messaging.segments import services as segments
from messaging.sources.services import failures
from messaging.sources.views.sources import resolved


@require_GET
def broadcasts(request: WorkspaceRequest) -> HttpResponse:
    page = page_of(request, Broadcast.objects.of(request.workspace).newest().select_related("message", "segment"))
    return render(request, "messaging/broadcasts/index.html", {"page": page})


@require_GET
def broadcast(request: WorkspaceRequest, pk: int) -> HttpResponse:
    found = _get(request, pk)
    context = {"failures": failures.of(found), "audience_changed": service.audience_changed(found)}
    return render(request, "messaging/broadcasts/detail.html", {"broadcast": found, **context})


@require_GET
def progress(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """How far it has come; an htmx fragment, which reloads the page once there is nothing to wait for."""
    answer = render(request, "messaging/broadcasts/_progress.html", {"broadcast": (found := _get(request, pk))})
    if found.status not in ("sending", "scheduled"):
        answer["HX-Refresh"] = "true"
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: WorkspaceRequest) -> HttpResponse:
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: WorkspaceRequest, pk: int) -> HttpResponse:
    found = _get(request, pk)
    if found.status != "draft":
        messages.warning(request, f"“{found}” is {found.get_status_display().lower()} and cannot be edited.")
        return _to(request, found)
    return _edit(request, found)


def _edit(request: WorkspaceRequest, found: Broadcast | None) -> HttpResponse:
    initial = {}
    if found:
        initial = {
            "name": found.name,
            "message": found.message_id,
            "segment": found.segment_id,
            "when": "at" if found.scheduled_at else "now",
            "scheduled_at": found.scheduled_at,
            "lifetime_days": found.lifetime_days,
        }
    posted = request.POST if request.method == "POST" else None
    form = BroadcastForm(posted, workspace=request.workspace, source=found, initial=initial)
    if posted is not None and form.is_valid():
        names = ("name", "message", "segment", "scheduled_at", "lifetime_days")
        fields = {name: form.cleaned_data[name] for name in names}
        fields["properties"] = form.properties()
        try:
            if found is None:
                found = service.create(workspace=request.workspace, by=request.user, **fields)
            else:
                service.save(found, by=request.user, **fields)
        except NameTaken as error:
            form.add_error("name", str(error))
        except IllegalMove as error:
            messages.error(request, str(error))
            return redirect("messaging:broadcasts", workspace=request.workspace.slug)
        else:
            return redirect("messaging:broadcast_send", workspace=request.workspace.slug, pk=found.pk)
    segment = form["segment"].value()
    context = {"form": form, "broadcast": found, "kind": "broadcasts", "segment": segment, **resolved(form)}
    return render(request, "messaging/broadcasts/edit.html", context, status=200 if posted is None else 422)


@require_http_methods(["GET", "HEAD", "POST"])
def send(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """The review, and its one confirmation."""
    found = _get(request, pk)
    if found.status != "draft":
        return _to(request, found)
    if request.method == "POST":
        try:
            service.launch(found, by=request.user, reviewed=request.POST.get("reviewed", ""))
        except (CannotSend, IllegalMove) as error:
            messages.error(request, str(error))
            return _to(request, found)
        except Outdated as error:
            messages.error(request, str(error))
            return redirect("messaging:broadcast_send", workspace=request.workspace.slug, pk=found.pk)
        word = "is scheduled" if found.status == "scheduled" else "is on its way"
        messages.success(request, f"“{found}” {word}.")
        return _to(request, found)
    form = BroadcastForm(
        workspace=request.workspace, source=found, initial={"message": found.message_id, "name": found.name}
    )
    rules = found.segment.rules if found.segment else {}
    context = {"broadcast": found, "reach": segments.reach(request.workspace, rules), **resolved(form)}
    context["problems"] = service.problems(found)
    context["reviewed"] = "" if context["problems"] else service.plan(found).mark
    return render(request, "messaging/broadcasts/review.html", context)


@require_POST
def cancel(request: WorkspaceRequest, pk: int) -> HttpResponse:
    return _move(request, pk, "cancel")


@require_POST
def unschedule(request: WorkspaceRequest, pk: int) -> HttpResponse:
    return _move(request, pk, "unschedule")


def _move(request: WorkspaceRequest, pk: int, verb: str) -> HttpResponse:
    found = _get(request, pk)
    try:
        {"cancel": service.cancel, "unschedule": service.unschedule}[verb](found, by=request.user)
    except IllegalMove as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"“{found}” is {'cancelled' if verb == 'cancel' else 'a draft again'}.")
    return _to(request, found)


def _get(request: WorkspaceRequest, pk: int) -> Broadcast:
    every = Broadcast.objects.of(request.workspace).select_related(
        "message", "segment", "workspace", "snapshot__version"
    )
    return get_object_or_404(every, pk=pk)


def _to(request: WorkspaceRequest, found: Broadcast) -> HttpResponse:
    return redirect("messaging:broadcast", workspace=request.workspace.slug, pk=found.pk)


@only_reads
@require_POST
def audience(request: WorkspaceRequest) -> HttpResponse:
    """How many people the chosen segment reaches now."""
    form = BroadcastForm(request.POST, workspace=request.workspace)
    form.is_valid()
    segment = form.cleaned_data.get("segment")
    reach = segments.reach(request.workspace, segment.rules if segment else {})
    return render(request, "messaging/_partials/reach.html", {"reach": reach})
