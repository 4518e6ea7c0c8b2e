from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from console.accounts.access import WorkspaceRequest, needs
from console.accounts.forms import KeyForm
from console.accounts.models import ApiKey, KeyKind, Role
from console.accounts.services import keys as service


@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: WorkspaceRequest) -> HttpResponseBase:
    if request.method == "POST":
        return issue(request)
    return _page(request)


@needs(Role.OWNER)
def issue(request: WorkspaceRequest) -> HttpResponse:
    """The key is in the answer to the POST and is kept nowhere; a nonce makes a reload of that page harmless."""
    form = KeyForm(request.POST)
    if not form.is_valid():
        return _page(request, form=form, status=422)
    if not cache.add(f"key-form:{form.cleaned_data['nonce']}", 1, 86_400):
        messages.warning(request, "That key was issued and shown already. A key is shown only once.")
        return redirect("console:keys", workspace=request.workspace.slug)
    key, plain = service.issue(
        workspace=request.workspace, kind=form.cleaned_data["kind"], name=form.cleaned_data["name"], by=request.user
    )
    return _page(request, key=key, plain=plain)


@require_POST
@needs(Role.OWNER)
def revoke(request: WorkspaceRequest, pk: int) -> HttpResponse:
    key = get_object_or_404(ApiKey.objects.of(request.workspace), pk=pk)
    service.revoke(key, by=request.user)
    messages.success(request, f"“{key.name}” is revoked: whatever still uses it is refused from now on.")
    return redirect("console:keys", workspace=request.workspace.slug)


def _page(
    request: WorkspaceRequest,
    *,
    form: KeyForm | None = None,
    key: ApiKey | None = None,
    plain: str = "",
    status: int = 200,
) -> HttpResponse:
    every = ApiKey.objects.of(request.workspace).select_related("created_by").order_by("revoked_at", "-pk")
    sorts = [
        {
            "kind": kind,
            "keys": [one for one in every if one.kind == kind],
            "form": form
            if form is not None and form["kind"].value() == kind
            else KeyForm(initial={"kind": kind, "nonce": uuid.uuid4()}, auto_id=f"{kind}_%s"),
        }
        for kind in KeyKind
    ]
    context = {"sorts": sorts, "key": key, "plain": plain, "root": request.build_absolute_uri("/").rstrip("/")}
    return render(request, "console/keys/index.html", context, status=status)
