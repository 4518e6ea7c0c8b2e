"""Webhooks: every member sees them, owners change them. A secret is in the answer to one POST, and nowhere else."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.cache import cache
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from console.accounts.access import WorkspaceRequest, needs
from console.accounts.models import Role
from tracking.webhooks import endpoints, outbox, payload
from tracking.webhooks.forms import NonceForm, WebhookForm
from tracking.webhooks.models import Webhook, WebhookDelivery

PAGE = 50
FAR = 1000
"""Waiting rows are counted no further."""


@require_safe
def index(request: WorkspaceRequest) -> HttpResponse:
    return render(request, "tracking/webhooks/index.html", {"webhooks": Webhook.objects.of(request.workspace).newest()})


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Role.OWNER)
def new(request: WorkspaceRequest) -> HttpResponse:
    if request.method != "POST":
        return _form(request, WebhookForm(initial={"nonce": uuid.uuid4()}))
    form = WebhookForm(request.POST)
    if not form.is_valid():
        return _form(request, form, status=422)
    if not _first(request, form, "That webhook was made already. Its secret is shown only once."):
        return redirect("tracking:webhooks", workspace=request.workspace.slug)
    try:
        webhook = endpoints.create(workspace=request.workspace, **form.values(), by=request.user)
    except endpoints.WebhookError as refused:
        form.add_error("url", str(refused))
        return _form(request, form, status=422)
    return _with_secret(request, webhook)


@require_safe
def detail(request: WorkspaceRequest, pk: int) -> HttpResponse:
    return _page(request, _webhook(request, pk))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Role.OWNER)
def edit(request: WorkspaceRequest, pk: int) -> HttpResponse:
    webhook = _webhook(request, pk)
    initial = {"url": webhook.url, "kinds": webhook.kinds, "nonce": uuid.uuid4()}
    form = WebhookForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method != "POST":
        return _form(request, form, webhook)
    if form.is_valid():
        try:
            endpoints.change(webhook, **form.values(), by=request.user)
        except endpoints.WebhookError as refused:
            form.add_error("url", str(refused))
        else:
            messages.success(request, "Saved.")
            return _back(webhook)
    return _form(request, form, webhook, status=422)


@require_POST
@needs(Role.OWNER)
def switch(request: WorkspaceRequest, pk: int) -> HttpResponse:
    webhook, on = _webhook(request, pk), request.POST.get("on") == "yes"
    endpoints.switch(webhook, on=on, by=request.user)
    messages.success(request, "It is switched on." if on else "It is switched off: nothing is sent or kept for it.")
    return _back(webhook)


@require_POST
@needs(Role.OWNER)
def rotate(request: WorkspaceRequest, pk: int) -> HttpResponse:
    webhook, form = _webhook(request, pk), NonceForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Reload the page and try again. The secret is what it was.")
        return _back(webhook)
    if not _first(request, form, "The secret was changed and shown already. It is shown only once."):
        return _back(webhook)
    return _with_secret(request, endpoints.rotate(webhook, by=request.user))


@require_POST
@needs(Role.OWNER)
def test(request: WorkspaceRequest, pk: int) -> HttpResponse:
    webhook = _webhook(request, pk)
    sent = endpoints.test(webhook, by=request.user)
    if sent.error:
        messages.error(request, f"The test did not arrive. {sent.error}")
    else:
        messages.success(request, "The test arrived: the server answered 2xx.")
    return _back(webhook)


@require_POST
@needs(Role.OWNER)
def delete(request: WorkspaceRequest, pk: int) -> HttpResponse:
    webhook = _webhook(request, pk)
    endpoints.delete(webhook, by=request.user)
    messages.success(request, f"The webhook to {webhook.url} is deleted.")
    return redirect("tracking:webhooks", workspace=request.workspace.slug)


@require_POST
@needs(Role.OWNER)
def retry(request: WorkspaceRequest, pk: int, delivery: int) -> HttpResponse:
    webhook = _webhook(request, pk)
    row = get_object_or_404(WebhookDelivery.objects.of(webhook), pk=min(delivery, 2**63 - 1))
    try:
        endpoints.retry(webhook, row, by=request.user)
    except endpoints.WebhookError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "It is tried again within seconds.")
    return _back(webhook)


def _webhook(request: WorkspaceRequest, pk: int) -> Webhook:
    return get_object_or_404(Webhook.objects.of(request.workspace), pk=min(pk, 2**63 - 1))


def _back(webhook: Webhook) -> HttpResponse:
    return redirect("tracking:webhook", workspace=webhook.workspace.slug, pk=webhook.pk)


def _first(request: WorkspaceRequest, form: Form, otherwise: str) -> bool:
    """Whether this very form is sent for the first time, and not by a reload of the page that answered it."""
    if cache.add(f"webhook-form:{form.cleaned_data['nonce']}", 1, 86_400):
        return True
    messages.warning(request, otherwise)
    return False


def _form(request: WorkspaceRequest, form: Form, webhook: Webhook | None = None, status: int = 200) -> HttpResponse:
    return render(request, "tracking/webhooks/edit.html", {"form": form, "webhook": webhook}, status=status)


def _with_secret(request: WorkspaceRequest, webhook: Webhook) -> HttpResponse:
    answer = _page(request, webhook, payload.secret(webhook))
    answer["Cache-Control"] = "no-store"
    return answer


def _page(request: WorkspaceRequest, webhook: Webhook, secret: str = "") -> HttpResponse:
    rows = WebhookDelivery.objects.of(webhook)
    before = request.GET.get("before", "")
    older = rows.filter(pk__lt=int(before)) if before.isascii() and before.isdigit() and len(before) < 19 else rows
    found = list(older.newest()[: PAGE + 1])
    context = {
        "webhook": webhook,
        "secret": secret,
        "nonce": uuid.uuid4(),
        "deliveries": found[:PAGE],
        "older": found[PAGE - 1].pk if len(found) > PAGE else None,
        "waiting": rows.waiting()[:FAR].count(),
        "far": FAR,
        "tries": outbox.TRIES,
        "soon": any(one.soon for one in found[:PAGE]) and webhook.active and not secret,
    }
    return render(request, "tracking/webhooks/detail.html", context)
