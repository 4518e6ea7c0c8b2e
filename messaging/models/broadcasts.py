from __future__ import annotations

from typing import Any

from django.db import models

from console.models import User, Workspace
from messaging.errors import IllegalMove
from messaging.models.deliveries import LIFETIME_DAYS, LONGEST_LIFETIME
from messaging.models.messages import Message
from messaging.models.segments import Segment
from messaging.models.uses import Use


class BroadcastStatus(models.TextChoices):
    DRAFT = "draft", "Draft"
    SCHEDULED = "scheduled", "Scheduled"
    SENDING = "sending", "Sending"
    FINISHED = "finished", "Finished"
    CANCELLED = "cancelled", "Cancelled"


S = BroadcastStatus
MOVES: dict[str, set[str]] = {
    S.DRAFT: {S.SCHEDULED, S.SENDING},
    S.SCHEDULED: {S.SENDING, S.DRAFT, S.CANCELLED},
    S.SENDING: {S.FINISHED, S.CANCELLED},
    S.FINISHED: set(),
    S.CANCELLED: set(),
}


class BroadcastQuerySet(models.QuerySet["Broadcast"]):
    def of(self, workspace: Workspace) -> BroadcastQuerySet:
        return self.filter(workspace=workspace)

    def newest(self) -> BroadcastQuerySet:
        return self.order_by("-pk")


class Broadcast(models.Model):
    """One message to an audience, once: now or scheduled."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=120)
    status = models.CharField(max_length=10, choices=S.choices, default=S.DRAFT)
    message = models.ForeignKey(Message, null=True, blank=True, on_delete=models.PROTECT, related_name="broadcasts")
    properties = models.JSONField(default=dict, blank=True)
    segment = models.ForeignKey(
        Segment,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="broadcasts",
        help_text="Empty: everyone.",
    )
    lifetime_days = models.PositiveSmallIntegerField(
        default=LIFETIME_DAYS, db_default=LIFETIME_DAYS, help_text="How long a delivery waits to be seen."
    )
    scheduled_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    use = models.ForeignKey(Use, null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False)
    audience_rules = models.JSONField(
        null=True, blank=True, editable=False, help_text="The segment's rules at the start."
    )
    cursor = models.BigIntegerField(default=0, editable=False, help_text="The last person id that was gone past.")
    audience_size = models.PositiveIntegerField(default=0, editable=False)
    sent = models.PositiveIntegerField(default=0, editable=False)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = BroadcastQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(lifetime_days__range=(1, LONGEST_LIFETIME)), name="broadcast_lifetime_in_range"
            ),
            models.UniqueConstraint(fields=["workspace", "name"], name="broadcast_name_once"),
            models.CheckConstraint(condition=models.Q(status__in=S.values), name="broadcast_status_known"),
            models.CheckConstraint(
                condition=~models.Q(status=S.SCHEDULED) | models.Q(scheduled_at__isnull=False),
                name="broadcast_scheduled_is_dated",
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=[S.SENDING, S.FINISHED]) | models.Q(use__isnull=False),
                name="broadcast_sent_has_use",
            ),
            models.CheckConstraint(
                condition=models.Q(status=S.FINISHED, finished_at__isnull=False)
                | (~models.Q(status=S.FINISHED) & models.Q(finished_at__isnull=True)),
                name="broadcast_finished_iff_dated",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def move(self, to: BroadcastStatus, **also: Any) -> None:
        """Compare and set: raises IllegalMove when the row is not in a status that may become `to`."""
        came_from = [status for status, tos in MOVES.items() if to in tos]
        if not Broadcast.objects.filter(pk=self.pk, status__in=came_from).update(status=to, **also):
            raise IllegalMove(self, to)
        self.refresh_from_db()
