from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from console.accounts import signing
from console.accounts.access import WorkspaceRequest, needs
from console.accounts.forms import SettingsForm, WorkspaceForm
from console.accounts.models import Membership, Role, User, Workspace
from console.accounts.services import members, workspaces
from console.common.errors import Conflict


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """The first workspace of whoever is signed in, or the page that makes one."""
    first = Workspace.objects.of(cast("User", request.user)).order_by("name").first()
    if first is None:
        return redirect("console:workspace_new")
    return redirect("console:dashboard", workspace=first.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new(request: HttpRequest) -> HttpResponse:
    user = cast("User", request.user)
    form = WorkspaceForm(request.POST or None)
    if form.is_valid():
        workspace = workspaces.create(name=form.cleaned_data["name"], by=user)
        return redirect("console:dashboard", workspace=workspace.slug)
    first = not Workspace.objects.of(user).exists()
    return render(request, "console/workspaces/new.html", {"form": form, "first": first})


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: WorkspaceRequest) -> HttpResponseBase:
    if request.method == "POST":
        return save(request)
    return _page(request, SettingsForm(initial=_values(request.workspace)))


@needs(Role.OWNER)
def save(request: WorkspaceRequest) -> HttpResponse:
    form = SettingsForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    changed = workspaces.update(request.workspace, by=request.user, **form.cleaned_data)
    messages.success(request, "Saved." if changed else "Nothing was different, so nothing was saved.")
    return redirect("console:settings", workspace=request.workspace.slug)


@require_POST
@login_required
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    """Not under /w/, because viewers may leave too."""
    mine = get_object_or_404(Membership, workspace__slug=slug, user=cast("User", request.user))
    try:
        members.remove(mine, by=cast("User", request.user))
    except Conflict as conflict:
        messages.error(request, str(conflict))
        return redirect("console:settings", workspace=slug)
    messages.success(request, "You have left the workspace.")
    return redirect("console:home")


def _values(workspace: Workspace) -> dict[str, object]:
    kept = {name: getattr(workspace, name) for name in SettingsForm.base_fields if name != "limit_write_key"}
    return kept | {"limit_write_key": workspace.write_key_attributes is not None}


def _page(request: WorkspaceRequest, form: SettingsForm, status: int = 200) -> HttpResponse:
    if request.role.rank < Role.OWNER.rank:
        for field in form.fields.values():
            field.disabled = True
    owner = request.role.rank >= Role.OWNER.rank
    context = {"form": form, "signing_secret": signing.secret(request.workspace.pk) if owner else ""}
    return render(request, "console/workspaces/settings.html", context, status=status)
