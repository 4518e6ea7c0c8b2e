"""The inbox of refused reports: read, mend, replay."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from console.accounts.access import WorkspaceRequest, may_write
from console.accounts.models import Role
from console.common.json_reader import BadJSON, read_json
from tracking.ingest.rejection_codes import HELP, Rejected, RejectionCode
from tracking.rejections import services as inbox
from tracking.rejections.models import Rejection

PAGE = 50
KNOWN = {code.value for code in RejectionCode}


class ItemForm(forms.Form):
    item = forms.CharField(
        label="Item",
        strip=False,
        max_length=40_000,
        widget=forms.Textarea(attrs={"rows": 18, "class": "mono", "spellcheck": "false"}),
        help_text="The call as it came, as JSON. What looked like keys or passwords was taken out.",
    )

    def clean_item(self) -> dict[str, Any]:
        try:
            item = read_json(self.cleaned_data["item"])
        except BadJSON as error:
            raise forms.ValidationError(f"This is not JSON: {error}. Mend it there.") from error
        if not isinstance(item, dict):
            raise forms.ValidationError("An item is a JSON object: it begins with { and ends with }.")
        return item


def index(request: WorkspaceRequest) -> HttpResponse:
    waiting = Rejection.objects.filter(workspace_id=request.workspace.pk, replayed_at__isnull=True)
    code, words = request.GET.get("code", ""), request.GET.get("q", "").replace("\0", "").strip()[:100]
    error = "" if code in KNOWN | {""} else f"“{code[:40]}” is no reason. Choose one from the list."
    context = {
        "page": Paginator(_found(waiting, code, words), PAGE).get_page(request.GET.get("page")),
        "codes": waiting.values("code").annotate(count=Count("pk")).order_by("-count", "code"),
        "code": code,
        "words": words,
        "error": error,
    }
    return render(request, "tracking/rejects/index.html", context, status=422 if error else 200)


def _found(waiting: QuerySet[Rejection], code: str, words: str) -> QuerySet[Rejection]:
    found = waiting.order_by("-pk")
    if code in KNOWN:
        found = found.filter(code=code)
    if words:
        found = found.annotate(text=Cast("item", TextField())).filter(
            Q(detail__icontains=words) | Q(text__icontains=words)
        )
    return found


def detail(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """GET shows it; POST mends and replays it (the middleware refuses viewers)."""
    reject = get_object_or_404(Rejection, pk=pk, workspace_id=request.workspace.pk)
    form = ItemForm(
        request.POST if request.method == "POST" else None,
        initial={"item": json.dumps(reject.item, indent=2, ensure_ascii=False)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            owner = request.role is Role.OWNER
            fresh = inbox.mend_and_replay(reject, form.cleaned_data["item"], by=request.user, may_merge=owner)
        except Rejected as refused:
            form.add_error("item", f"Still refused ({refused.code.value}): {refused.detail}")
        else:
            said = "It was accepted and is counted now." if fresh else "It was in the log already, and is counted once."
            messages.success(request, said)
            return redirect("tracking:rejects", workspace=request.workspace.slug)
    known = reject.code in KNOWN
    context = {
        "reject": reject,
        "form": form,
        "help": HELP[RejectionCode(reject.code)] if known else "",
        "may_write": may_write(request),
        "pretty": json.dumps(reject.item, indent=2, ensure_ascii=False),
    }
    return render(request, "tracking/rejects/detail.html", context, status=422 if form.errors else 200)
