"""The rows behind a number, as a page and as CSV: /w/<slug>/<kind>/<id>/responses/?action=yes&range=7."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify

from console.accounts.access import WorkspaceRequest
from messaging import public
from messaging.public import Source
from tracking.metrics import ranges
from tracking.metrics.ranges import BadRange, Range
from tracking.metrics.report import beyond_retention, tally_of
from tracking.metrics.views.sources import source_of
from tracking.responses import rows
from tracking.responses.rows import Answer, Filters

HEADER = ["When (UTC)", "Person", "Person id", "Message", "Action", "Action id", "Value", "Dismissal", "Response id"]


def responses(request: WorkspaceRequest, kind: str, pk: int) -> HttpResponse:
    source = source_of(request.workspace, kind, pk)
    context: dict[str, Any] = {"source": source, "kind": kind}
    try:
        filters = _filters(request)
    except BadRange as error:
        return render(request, "tracking/responses/index.html", context | {"error": error}, status=422)
    found = rows.answers(source.workspace_id, source.kind, source.id, filters, rows.PAGE + 1)
    page = found[: rows.PAGE]
    context |= {
        "filters": filters,
        "named": _named(source, page),
        "number": rows.counted(tally_of(source, filters.days), filters),
        "older": page[-1].cursor if len(found) > len(page) else None,
        "chips": list(_chips(source, filters)),
        "beyond": beyond_retention(request.workspace, filters.days, source.started_at),
    }
    return render(request, "tracking/responses/index.html", context)


def export(request: WorkspaceRequest, kind: str, pk: int) -> HttpResponse | StreamingHttpResponse:
    """Streamed: memory stays constant. Cells that a spreadsheet would take for a formula are quoted."""
    source = source_of(request.workspace, kind, pk)
    try:
        filters = _filters(request)
    except BadRange as error:
        return HttpResponse(f"{error.field}: {error}\n", status=422, content_type="text/plain; charset=utf-8")
    name = f"{slugify(source.name) or 'responses'}-responses.csv"
    return StreamingHttpResponse(
        _lines(source, filters),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _filters(request: WorkspaceRequest) -> Filters:
    query = request.GET.dict()
    return rows.read(query, ranges.read(query, timezone.now().date()))


def _chips(source: Source, filters: Filters) -> Iterator[dict[str, str]]:
    """One for each filter, with the query of the list without it."""
    messages = {snapshot.message_id: snapshot.message_name for snapshot in source.snapshots}
    whole = Range()
    if not filters.days.whole:
        yield {"label": filters.days.label, "without": replace(filters, days=whole).url}
    if filters.message is not None:
        label = f"Message: {messages.get(filters.message, filters.message)}"
        yield {"label": label, "without": replace(filters, message=None).url}
    if filters.action is not None and filters.name is None:
        yield {"label": f"Action: {filters.action}", "without": replace(filters, action=None).url}
    if filters.name is not None:
        yield {"label": f"Name: {filters.name}", "without": replace(filters, name=None, action=None).url}
    if filters.only:
        yield {"label": f"Only {filters.only}", "without": replace(filters, only="").url}


def _named(source: Source, page: list[Answer]) -> list[dict[str, Any]]:
    """Rows with the names of their people (as they are known now) and messages."""
    now = public.canonical(source.workspace_id, {row.person_id for row in page})
    names = public.people_names(source.workspace_id, set(now.values()))
    messages = {snapshot.message_id: snapshot.message_name for snapshot in source.snapshots}
    return [
        {
            "row": row,
            "person_id": now.get(row.person_id),
            "person": names.get(now.get(row.person_id, 0), "deleted person"),
            "message": messages.get(row.message_id, f"message {row.message_id}"),
        }
        for row in page
    ]


class _Echo:
    def write(self, line: str) -> str:
        return line


def _lines(source: Source, filters: Filters) -> Iterator[str]:
    write = csv.writer(_Echo()).writerow
    yield "\ufeff"  # Excel takes a CSV for UTF-8 by this
    yield write(HEADER)
    for chunk in rows.all_answers(source.workspace_id, source.kind, source.id, filters):
        for named in _named(source, chunk):
            row: Answer = named["row"]
            yield write(
                [
                    row.occurred_at.strftime("%Y-%m-%d %H:%M:%S"),
                    _safe(named["person"]),
                    named["person_id"] or "",
                    _safe(named["message"]),
                    _safe(row.name),
                    _safe(row.action_id),
                    _safe(row.value),
                    "yes" if row.dismissal else "no",
                    row.key,
                ]
            )


def _safe(cell: str) -> str:
    """What begins like a formula gets an apostrophe, as OWASP advises (CSV injection)."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
