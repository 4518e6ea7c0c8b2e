from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from console.accounts.access import WorkspaceRequest, needs
from console.accounts.models import Role
from console.accounts.services import audit
from messaging import public
from tracking.erasure import services as erasure


@require_POST
@needs(Role.OWNER)
def person(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Forget a person everywhere. The audit row says that it was done, and of which row, but not who they were."""
    with transaction.atomic():
        if pk >= 2**63 or not public.canonical(request.workspace.pk, [pk]):
            raise Http404("Nobody here has this number.")
        rows = erasure.erase(workspace_id=request.workspace.pk, person_id=pk)
        audit.record(
            workspace=request.workspace,
            by=request.user,
            verb="person.erased",
            target=request.workspace,
            changes={"person": pk, "events": rows},
        )
    messages.success(request, "The person is deleted, with all that was known and counted of them.")
    return redirect("messaging:people", workspace=request.workspace.slug)
