"""The hole in lists and dashboards: sent, opened, responses of one broadcast or campaign."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from console.accounts.access import WorkspaceRequest
from messaging import public
from tracking.metrics import numbers
from tracking.metrics.tally import Tally
from tracking.metrics.views.sources import source_of
from tracking.rollups import read
from tracking.rollups.models import SubjectKind

KINDS = (SubjectKind.OPENED, SubjectKind.OPENED_PEOPLE, SubjectKind.RESPONDED)


def of_source(request: WorkspaceRequest, kind: str, pk: int) -> HttpResponse:
    source = source_of(request.workspace, kind, pk)
    scope = (source.workspace_id, source.kind, source.id)
    tally = Tally(public.sent(*scope), tuple(read.counts(*scope, kinds=KINDS)))
    people = numbers.respondents(tally)
    context = {
        "kind": kind,
        "source": source,
        "sent": numbers.sent(tally),
        "opened": numbers.opened(tally),
        "responses": numbers.responses(tally),
        "rate": numbers.rate(people, numbers.openers(tally)),
    }
    return render(request, "tracking/numbers/of_source.html", context)
