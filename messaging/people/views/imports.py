"""People from a file: chosen, previewed, applied. The browser keeps the file and sends it with every step."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from typing import IO, cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from console.accounts.access import WorkspaceRequest, needs
from console.accounts.models import Role
from console.common.errors import Conflict
from messaging.common import csv_rows
from messaging.people import people_csv
from messaging.people.forms import KINDS
from messaging.people.people_csv import BadPeopleCSV
from messaging.people.services import imports as service


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Role.AUTHOR)
def page(request: WorkspaceRequest) -> HttpResponse:
    context: dict[str, object] = {
        "encodings": csv_rows.ENCODINGS.items(),
        "kinds": [*KINDS, (people_csv.SKIP, "Leave out")],
    }
    if request.method != "POST":
        return render(request, "messaging/people/import.html", context)
    answer = _posted(request, context)
    if answer is not None:
        return answer
    partial = request.htmx and "messaging/people/_import_preview.html"
    status = 200 if request.htmx or not context.get("error") else 422  # htmx swaps what is well
    return render(request, partial or "messaging/people/import.html", context, status=status)


def _posted(request: WorkspaceRequest, context: dict[str, object]) -> HttpResponse | None:
    """The answer once it is applied; until then the preview or what is wrong, in the context."""
    upload, encoding = request.FILES.get("file"), request.POST.get("encoding", "")
    context["encoding"] = encoding
    if upload is None:
        context["error"] = "Choose a CSV file."
    elif (upload.size or 0) > people_csv.LARGEST:
        context["error"] = "The file is larger than 5 MB: split it and import the parts one by one."
    elif encoding not in csv_rows.ENCODINGS:
        context["error"] = "Choose one of the encodings."
    if upload is None or "error" in context:
        return None
    digest = hashlib.blake2b(digest_size=16)
    for chunk in upload.chunks():
        digest.update(chunk)
    previewed = request.POST.get("previewed") == digest.hexdigest()
    chosen = request.POST.dict() if previewed else {}
    sheet = people_csv.read(cast("IO[bytes]", upload.file), encoding=encoding, chosen=chosen)
    outlook, errors = None, sheet.errors
    with suppress(BadPeopleCSV):
        if "apply" in request.POST and previewed:
            return _applied(request, context, sheet)
        outlook = service.look(request.workspace, sheet.people())
        errors = outlook.too_much
    context |= {"sheet": sheet, "previewed": digest.hexdigest(), "errors": errors.first, "count": errors.count}
    context["outlook"] = None if errors.count else outlook
    return None


def _applied(request: WorkspaceRequest, context: dict[str, object], sheet: people_csv.PeopleCSV) -> HttpResponse | None:
    try:
        done = service.apply(workspace=request.workspace, by=request.user, people=sheet.people())
    except Conflict as conflict:
        context["error"] = f"Nobody was imported. {conflict}"
        return None
    messages.success(request, f"Imported: {done.new:,} new, {done.changed:,} changed, {done.same:,} as they were.")
    return _to_people(request)


def _to_people(request: WorkspaceRequest) -> HttpResponse:
    where = reverse("messaging:people", kwargs={"workspace": request.workspace.slug})
    return HttpResponse(headers={"HX-Redirect": where}) if request.htmx else redirect(where)
