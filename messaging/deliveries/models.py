from __future__ import annotations

import uuid

from django.db import models

from messaging.common.source_kinds import SourceKind

NO_TRIGGER = uuid.UUID(int=0)
LIFETIME_DAYS = 30  # that a delivery waits to be seen, unless its source says otherwise
LONGEST_LIFETIME = 365


class DeliveryState(models.IntegerChoices):
    QUEUED = 1, "Queued"
    OPENED = 2, "Opened"
    CLICKED = 3, "Clicked"
    DISMISSED = 4, "Dismissed"
    EXPIRED = 5, "Expired"
    RECALLED = 6, "Recalled"
    FAILED = 7, "Failed"


class Delivery(models.Model):
    """One message for one person.

    The table's primary key is (workspace, person, id), so always ask with `of(workspace_id, person_id)`; there is no
    index on the id alone. `trigger` makes sending idempotent: the event's key, or `NO_TRIGGER` where a source
    sends once per person. `rendered` is the resolved content, frozen by the first fetch, where the snapshot is
    personal.
    """

    workspace_id = models.IntegerField()
    person_id = models.BigIntegerField()
    snapshot_id = models.IntegerField()
    source_kind = models.PositiveSmallIntegerField(choices=SourceKind.choices)
    source_id = models.IntegerField()
    message_id = models.IntegerField()
    trigger = models.UUIDField(default=NO_TRIGGER)
    state = models.PositiveSmallIntegerField(choices=DeliveryState.choices, default=DeliveryState.QUEUED)
    test = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    clicked_at = models.DateTimeField(null=True)
    dismissed_at = models.DateTimeField(null=True)
    dismiss_reason = models.CharField(max_length=16, default="", blank=True)
    expires_at = models.DateTimeField(null=True)
    left_queue_at = models.DateTimeField(null=True, help_text="The client logged it as seen: not offered again.")
    context = models.JSONField(null=True, help_text="The trigger event's properties, for Liquid.")
    rendered = models.JSONField(null=True)
    failure = models.CharField(
        max_length=300, default="", db_default="", blank=True, help_text="Why it could not be filled in for its person."
    )

    class Meta:
        verbose_name_plural = "deliveries"
        indexes = [
            models.Index(
                fields=["workspace_id", "source_kind", "source_id"],
                name="delivery_failed",
                condition=models.Q(state=DeliveryState.FAILED),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                # In this order it also finds whom a source was sent to; a person's are found by the primary key.
                fields=["workspace_id", "source_kind", "source_id", "person_id", "trigger"],
                name="delivery_once",
            )
        ]

    def __str__(self) -> str:
        return f"delivery {self.pk}"


class SendCount(models.Model):
    """Deliveries created per source, message and UTC hour; grown in the transaction that creates them."""

    workspace_id = models.IntegerField()
    source_kind = models.PositiveSmallIntegerField(choices=SourceKind.choices)
    source_id = models.IntegerField()
    message_id = models.IntegerField()
    hour = models.DateTimeField()
    count = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace_id", "source_kind", "source_id", "message_id", "hour"],
                name="send_count_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.count} at {self.hour}"
