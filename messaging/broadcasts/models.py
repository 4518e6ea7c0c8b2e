from __future__ import annotations

from django.db import models

from messaging.common.source_kinds import SourceKind
from messaging.people.models import Person
from messaging.rules import read, where
from messaging.segments.models import Segment
from messaging.sources.models import Source, SourceQuerySet


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


class Broadcast(Source):
    """One message to an audience, once: now or scheduled."""

    KIND = SourceKind.BROADCAST
    MOVES = MOVES
    COPIED = (*Source.COPIED, "segment")

    status = models.CharField(max_length=10, choices=S.choices, default=S.DRAFT)
    segment = models.ForeignKey(
        Segment,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="broadcasts",
        help_text="Empty: everyone.",
    )
    scheduled_at = models.DateTimeField(null=True, blank=True)
    audience_rules = models.JSONField(
        null=True, blank=True, editable=False, help_text="The segment's rules at the start."
    )
    cursor = models.BigIntegerField(default=0, editable=False, help_text="The last person id that was gone past.")
    audience_size = models.PositiveIntegerField(default=0, editable=False)
    sent = models.PositiveIntegerField(default=0, editable=False)

    objects = SourceQuerySet["Broadcast"].as_manager()

    class Meta:
        constraints = [
            *Source.Meta.constraints,
            models.CheckConstraint(condition=models.Q(status__in=S.values), name="broadcast_status_known"),
            models.CheckConstraint(
                condition=~models.Q(status=S.SCHEDULED) | models.Q(scheduled_at__isnull=False),
                name="broadcast_scheduled_is_dated",
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=[S.SENDING, S.FINISHED]) | models.Q(snapshot__isnull=False),
                name="broadcast_sent_has_snapshot",
            ),
            models.CheckConstraint(
                condition=models.Q(status=S.FINISHED, finished_at__isnull=False)
                | (~models.Q(status=S.FINISHED) & models.Q(finished_at__isnull=True)),
                name="broadcast_finished_iff_dated",
            ),
        ]

    def people_ahead(self) -> models.QuerySet[Person] | None:
        """By the rules that were reviewed, or of a draft by those of its segment; None once it has started."""
        if self.status not in (S.DRAFT, S.SCHEDULED):
            return None
        rules = self.audience_rules
        if rules is None:
            rules = self.segment.rules if self.segment else {}
        return Person.objects.of(self.workspace).filter(where(read(rules))).order_by("pk")
