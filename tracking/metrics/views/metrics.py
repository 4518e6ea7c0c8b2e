"""The metrics tab: /w/<slug>/<broadcasts|campaigns>/<id>/metrics/?range=7."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from console.accounts.access import WorkspaceRequest
from tracking.metrics import ranges
from tracking.metrics.definitions import DEFINITIONS
from tracking.metrics.ranges import BadRange, Range
from tracking.metrics.report import beyond_retention, report
from tracking.metrics.views.sources import source_of


def metrics(request: WorkspaceRequest, kind: str, pk: int) -> HttpResponse:
    source = source_of(request.workspace, kind, pk)
    days, error = _days(request)
    context = {
        "source": source,
        "kind": kind,
        "days": days,
        "error": error,
        "ranges": ranges.LABELS,
        "definitions": DEFINITIONS,
        "beyond": beyond_retention(request.workspace, days, source.started_at),
        "report": report(source, days) if error is None else None,
    }
    part = "#results" if request.htmx and not request.htmx.boosted else ""
    return render(request, f"tracking/metrics/index.html{part}", context, status=422 if error else 200)


def _days(request: WorkspaceRequest) -> tuple[Range, BadRange | None]:
    try:
        return ranges.read(request.GET.dict(), timezone.now().date()), None
    except BadRange as error:
        return Range(), error
