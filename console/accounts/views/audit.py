from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from console.accounts.access import WorkspaceRequest
from console.accounts.forms import AuditFilterForm
from console.accounts.models import AuditEntry

PER_PAGE = 50


@require_safe
def audit(request: WorkspaceRequest) -> HttpResponse:
    entries = AuditEntry.objects.of(request.workspace)
    form = AuditFilterForm(request.GET, entries=entries)
    page = Paginator(form.narrow(entries), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "console/audit/index.html", {"form": form, "page": page})
