"""Drafts of broadcasts and campaigns: made from another one, and deleted. The same for both."""

from __future__ import annotations

from django.db import transaction

from console.models import User
from console.services import audit
from messaging.errors import IllegalMove
from messaging.models import Broadcast, BroadcastStatus, Campaign, CampaignStatus, SourceKind, Use
from messaging.services import broadcasts, campaigns, unique_names

Source = Broadcast | Campaign
COPIED = {
    Broadcast: ("message", "properties", "segment", "lifetime_days"),
    Campaign: ("message", "properties", "trigger_event", "audience_rules", "frequency", "lifetime_days"),
}


def duplicate(source: Source, *, by: User | None) -> Source:
    """A draft with all that was chosen, but the date, under a free name. Raises NameTaken (somebody was faster)."""
    taken = set(type(source).objects.of(source.workspace).values_list("name", flat=True))
    fields = {name: getattr(source, name) for name in COPIED[type(source)]}
    named = {"workspace": source.workspace, "by": by, "name": unique_names.copy_name(source.name, taken)}
    copy: Source = (broadcasts if isinstance(source, Broadcast) else campaigns).create(**named, **fields)
    return copy


@transaction.atomic
def delete(source: Source, *, by: User | None) -> None:
    """Only a draft: what was started has results, which would lose their source. Raises IllegalMove."""
    kind = SourceKind.BROADCAST if isinstance(source, Broadcast) else SourceKind.CAMPAIGN
    draft = BroadcastStatus.DRAFT if isinstance(source, Broadcast) else CampaignStatus.DRAFT
    pk, model = source.pk, type(source)
    if not model.objects.filter(pk=pk, status=draft).delete()[0]:
        raise IllegalMove(source, "deleted")
    Use.objects.filter(workspace=source.workspace, source_kind=kind, source_id=pk).delete()
    audit.record(workspace=source.workspace, by=by, verb=f"{model._meta.model_name}.deleted", target=source)
