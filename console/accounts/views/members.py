from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from console.accounts.access import WorkspaceRequest, needs
from console.accounts.forms import MemberForm, RoleForm
from console.accounts.models import Invitation, Membership, Role
from console.accounts.services import invitations
from console.accounts.services import members as service
from console.common.errors import Conflict


@require_http_methods(["GET", "HEAD", "POST"])
def members(request: WorkspaceRequest) -> HttpResponseBase:
    if request.method == "POST":
        return add(request)
    return _page(request, MemberForm())


@needs(Role.OWNER)
def add(request: WorkspaceRequest) -> HttpResponse:
    form = MemberForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    email, role = form.cleaned_data["email"], form.cleaned_data["role"]
    try:
        link = invitations.invite(workspace=request.workspace, email=email, role=role, by=request.user)
    except Conflict as conflict:
        form.add_error("email", str(conflict))
        return _page(request, form, status=409)
    if link:
        return _page(request, MemberForm(), link=link, invited=email)
    messages.success(request, f"An invitation was mailed to {email}. The link in it works for three days.")
    return redirect("console:members", workspace=request.workspace.slug)


@require_POST
@needs(Role.OWNER)
def change(request: WorkspaceRequest, pk: int) -> HttpResponse:
    membership = _member(request, pk)
    form = RoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choose one of the roles owner, author or viewer. Nothing was changed.")
    else:
        _try(
            request,
            f"{membership.user} is {form.cleaned_data['role'].label.lower()} now.",
            lambda: service.change_role(membership, role=form.cleaned_data["role"], by=request.user),
        )
    return redirect("console:members", workspace=request.workspace.slug)


@require_POST
@needs(Role.OWNER)
def remove(request: WorkspaceRequest, pk: int) -> HttpResponse:
    membership = _member(request, pk)
    _try(
        request,
        f"{membership.user} is no member any more.",
        lambda: service.remove(membership, by=request.user),
    )
    return redirect("console:members", workspace=request.workspace.slug)


def _try(request: WorkspaceRequest, done: str, act: Callable[[], None]) -> None:
    try:
        act()
    except Conflict as conflict:
        messages.error(request, str(conflict))
    else:
        messages.success(request, done)


def _member(request: WorkspaceRequest, pk: int) -> Membership:
    return get_object_or_404(Membership.objects.select_related("user"), workspace=request.workspace, pk=pk)


def _page(request: WorkspaceRequest, form: MemberForm, status: int = 200, **extra: str) -> HttpResponse:
    everybody = Membership.objects.filter(workspace=request.workspace).select_related("user").order_by("user__email")
    invited = Invitation.objects.of(request.workspace).select_related("invited_by").order_by("email")
    context = {"form": form, "members": everybody, "invitations": invited, "roles": Role.choices, **extra}
    return render(request, "console/members/index.html", context, status=status)
