"""The sample app: a small product that carries the SDK, for trying messages out as somebody who gets them.

It does what its public write key may do and no more; the people it offers are of that key's workspace, and it is
there only where the setting names a key, which means a demo or a test.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from console.accounts.middleware import policy
from console.accounts.models import KeyKind
from console.accounts.services import keys
from messaging.campaigns.models import Campaign
from messaging.people.models import Person

PEOPLE = 8
EVENTS = ("Note Shared", "Export Finished", "Plan Viewed")


@require_safe
@never_cache
@policy({"frame-src": ["'self'"]})
def sample(request: HttpRequest) -> HttpResponse:
    key = keys.find(settings.SAMPLE_WRITE_KEY, KeyKind.WRITE) if settings.SAMPLE_WRITE_KEY else None
    if key is None:
        return render(request, "sample/off.html", {"named": bool(settings.SAMPLE_WRITE_KEY)}, status=404)
    people = (
        Person.objects.of(key.workspace)
        .filter(external_id__isnull=False)
        .order_by("id")
        .values_list("external_id", flat=True)[:PEOPLE]
    )
    triggers = Campaign.objects.of(key.workspace).running().order_by("id").values_list("trigger_event", flat=True)
    events = list(dict.fromkeys([*triggers[:4], *EVENTS]))
    context = {"write_key": settings.SAMPLE_WRITE_KEY, "people": people, "events": events}
    return render(request, "sample/index.html", context)
