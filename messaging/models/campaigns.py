from __future__ import annotations

from typing import Any

from django.db import models

from console.models import User, Workspace
from messaging.errors import IllegalMove
from messaging.models.deliveries import LIFETIME_DAYS, LONGEST_LIFETIME
from messaging.models.messages import Message
from messaging.models.uses import Use


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


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def of(self, workspace: Workspace) -> CampaignQuerySet:
        return self.filter(workspace=workspace)

    def running(self) -> CampaignQuerySet:
        return self.filter(status=S.RUNNING)

    def newest(self) -> CampaignQuerySet:
        return self.order_by("-pk")


class Campaign(models.Model):
    """A message sent to whoever does something: `trigger_event`, narrowed by `audience_rules` on the person."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=120)
    status = models.CharField(max_length=10, choices=S.choices, default=S.DRAFT)
    trigger_event = models.CharField(max_length=200, help_text="The name of the event, as the app tracks it.")
    audience_rules = models.JSONField(default=dict, blank=True)
    frequency = models.CharField(max_length=6, choices=Frequency.choices, default=Frequency.ONCE)
    message = models.ForeignKey(Message, null=True, blank=True, on_delete=models.PROTECT, related_name="campaigns")
    properties = models.JSONField(default=dict, blank=True)
    use = models.ForeignKey(
        Use,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        help_text="In force now.",
    )
    lifetime_days = models.PositiveSmallIntegerField(
        default=LIFETIME_DAYS, db_default=LIFETIME_DAYS, help_text="How long a delivery waits to be seen."
    )
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(lifetime_days__range=(1, LONGEST_LIFETIME)), name="campaign_lifetime_in_range"
            ),
            models.UniqueConstraint(fields=["workspace", "name"], name="campaign_name_once"),
            models.CheckConstraint(condition=models.Q(status__in=S.values), name="campaign_status_known"),
            models.CheckConstraint(condition=models.Q(frequency__in=Frequency.values), name="campaign_frequency_known"),
            models.CheckConstraint(
                condition=models.Q(status=S.DRAFT) | models.Q(use__isnull=False),
                name="campaign_running_has_use",
            ),
        ]
        indexes = [models.Index(fields=["workspace", "trigger_event"], name="campaign_by_trigger")]

    def __str__(self) -> str:
        return self.name

    def move(self, to: CampaignStatus, **also: Any) -> None:
        """Compare and set: raises IllegalMove when the row is not in a status that may become `to`."""
        came_from = [status for status, tos in MOVES.items() if to in tos]
        if not Campaign.objects.filter(pk=self.pk, status__in=came_from).update(status=to, **also):
            raise IllegalMove(self, to)
        self.refresh_from_db()
