"""The page behind an invitation's link: for whoever has it, signed in or not."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.forms import SetPasswordForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from console.accounts.access import WorkspaceRequest, needs
from console.accounts.models import Invitation, Role, User
from console.accounts.services import invitations as service
from console.common.errors import Conflict


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    found = service.find(token)
    if found is None:
        return render(request, "console/invitations/gone.html", status=404)
    if request.user.is_authenticated:
        return _member(request, found, request.user)
    return _stranger(request, found)


def _member(request: HttpRequest, found: Invitation, user: User) -> HttpResponse:
    context = {"invitation": found, "may_accept": service.may_accept(found, user)}
    if request.method != "POST":
        return render(request, "console/invitations/join.html", context)
    try:
        service.accept(found, user=user)
    except Conflict as conflict:
        return render(request, "console/invitations/join.html", context | {"error": str(conflict)}, status=409)
    return _welcome(request, found)


def _stranger(request: HttpRequest, found: Invitation) -> HttpResponse:
    """Without an account of that address they make one; with one they sign in and come back."""
    known = User.objects.filter(email=found.email).exists()
    form: SetPasswordForm[User] = SetPasswordForm(User(email=found.email), request.POST or None)
    context = {"invitation": found, "known": known, "form": form}
    if known or request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "console/invitations/account.html", context, status=status)
    try:
        user = service.accept_with_new_account(found, password=form.cleaned_data["new_password1"])
    except Conflict as conflict:
        form.add_error(None, str(conflict))
        return render(request, "console/invitations/account.html", context, status=409)
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return _welcome(request, found)


def _welcome(request: HttpRequest, found: Invitation) -> HttpResponse:
    messages.success(request, f"You are a member of {found.workspace.name} now.")
    return redirect("console:dashboard", workspace=found.workspace.slug)


@require_POST
@needs(Role.OWNER)
def withdraw(request: WorkspaceRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Invitation.objects.of(request.workspace).select_related("workspace"), pk=pk)
    service.withdraw(found, by=request.user)
    messages.success(request, f"The invitation of {found.email} is withdrawn: its link lets nobody in.")
    return redirect("console:members", workspace=request.workspace.slug)
