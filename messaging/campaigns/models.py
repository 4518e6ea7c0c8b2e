from __future__ import annotations

from django.db import models

from messaging.common.source_kinds import SourceKind
from messaging.sources.models import Source, SourceQuerySet


class CampaignStatus(models.TextChoices):
    DRAFT = "draft", "Draft"
    RUNNING = "running", "Running"
    PAUSED = "paused", "Paused"
    FINISHED = "finished", "Finished"


class Frequency(models.TextChoices):
    ONCE = "once", "Once per person"
    ALWAYS = "always", "Every time"


S = CampaignStatus
MOVES: dict[str, set[str]] = {
    S.DRAFT: {S.RUNNING},
    S.RUNNING: {S.PAUSED, S.FINISHED},
    S.PAUSED: {S.RUNNING, S.FINISHED},
    S.FINISHED: set(),
}


class CampaignQuerySet(SourceQuerySet["Campaign"]):
    def running(self) -> CampaignQuerySet:
        return self.filter(status=S.RUNNING)


class Campaign(Source):
    """A message sent to whoever does something: `trigger_event`, narrowed by `audience_rules` on the person."""

    KIND = SourceKind.CAMPAIGN
    MOVES = MOVES
    COPIED = (*Source.COPIED, "trigger_event", "audience_rules", "frequency")

    status = models.CharField(max_length=10, choices=S.choices, default=S.DRAFT)
    trigger_event = models.CharField(max_length=200, help_text="The name of the event, as the app tracks it.")
    audience_rules = models.JSONField(default=dict, blank=True)
    frequency = models.CharField(max_length=6, choices=Frequency.choices, default=Frequency.ONCE)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        constraints = [
            *Source.Meta.constraints,
            models.CheckConstraint(condition=models.Q(status__in=S.values), name="campaign_status_known"),
            models.CheckConstraint(condition=models.Q(frequency__in=Frequency.values), name="campaign_frequency_known"),
            models.CheckConstraint(
                condition=models.Q(status=S.DRAFT) | models.Q(snapshot__isnull=False),
                name="campaign_running_has_snapshot",
            ),
        ]
        indexes = [models.Index(fields=["workspace", "trigger_event"], name="campaign_by_trigger")]
