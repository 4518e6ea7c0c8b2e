from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from console.accounts.access import WorkspaceRequest
from messaging.campaigns.forms import CampaignForm
from messaging.campaigns.models import Campaign
from messaging.campaigns.services import campaigns as service
from messaging.common.paging import page_of
from messaging.errors import CannotSend, IllegalMove, NameTaken
from messaging.rules.forms import RuleForm
from messaging.segments import services as segments
from messaging.sources.services import failures
from messaging.sources.views.sources import resolved

VERBS: dict[str, tuple[Any, str]] = {
    "start": (service.start, "is running: it listens to its event from now on"),
    "pause": (service.pause, "is paused"),
    "resume": (service.start, "is running again"),
    "finish": (service.finish, "is finished"),
}


@require_GET
def campaigns(request: WorkspaceRequest) -> HttpResponse:
    page = page_of(request, Campaign.objects.of(request.workspace).newest().select_related("message"))
    return render(request, "messaging/campaigns/index.html", {"page": page})


@require_GET
def campaign(request: WorkspaceRequest, pk: int) -> HttpResponse:
    found = _get(request, pk)
    context = {"campaign": found, "rules": RuleForm(found.audience_rules), "failures": failures.of(found)}
    context["problems"] = service.problems(found) if found.status == "draft" else []
    return render(request, "messaging/campaigns/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: WorkspaceRequest) -> HttpResponse:
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: WorkspaceRequest, pk: int) -> HttpResponse:
    found = _get(request, pk)
    if found.status == "finished":
        messages.warning(request, f"“{found}” is finished and cannot be edited.")
        return _to(request, found)
    return _edit(request, found)


def _edit(request: WorkspaceRequest, found: Campaign | None) -> HttpResponse:
    initial = {}
    if found:
        names = ("name", "trigger_event", "frequency", "lifetime_days")
        initial = {name: getattr(found, name) for name in names} | {"message": found.message_id}
    posted = request.POST if request.method == "POST" else None
    form = CampaignForm(posted, workspace=request.workspace, source=found, initial=initial)
    rules = RuleForm(found.audience_rules if found else None, posted)
    if posted is not None and form.is_valid() & rules.is_valid():
        chosen = ("name", "trigger_event", "frequency", "message", "lifetime_days")
        fields = {name: form.cleaned_data[name] for name in chosen}
        fields |= {"properties": form.properties(), "audience_rules": rules.rules}
        try:
            if found is None:
                found = service.create(workspace=request.workspace, by=request.user, **fields)
            else:
                service.save(found, by=request.user, **fields)
        except NameTaken as error:
            form.add_error("name", str(error))
        except (CannotSend, IllegalMove) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"“{found}” is saved.")
            return _to(request, found)
    context = {
        "form": form,
        "rules": rules,
        "campaign": found,
        "kind": "campaigns",
        "reach": segments.reach(request.workspace, rules.rules) if rules.is_valid() else None,
        **resolved(form),
    }
    return render(request, "messaging/campaigns/edit.html", context, status=200 if posted is None else 422)


@require_POST
def move(request: WorkspaceRequest, pk: int, verb: str) -> HttpResponse:
    found = _get(request, pk)
    if verb not in VERBS:
        raise Http404("No such move.")
    change, word = VERBS[verb]
    try:
        change(found, by=request.user)
    except (CannotSend, IllegalMove) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"“{found}” {word}.")
    return _to(request, found)


def _get(request: WorkspaceRequest, pk: int) -> Campaign:
    every = Campaign.objects.of(request.workspace).select_related("message", "workspace", "snapshot__version")
    return get_object_or_404(every, pk=pk)


def _to(request: WorkspaceRequest, found: Campaign) -> HttpResponse:
    return redirect("messaging:campaign", workspace=request.workspace.slug, pk=found.pk)
