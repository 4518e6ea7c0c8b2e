from __future__ import annotations

from django.db import models

from console.accounts.models import Workspace
from messaging.common.source_kinds import SourceKind
from messaging.messages.models import Message, MessageVersion


class Snapshot(models.Model):
    """One version of a message, with its properties filled in, in one broadcast or campaign.

    Immutable: another version or other properties make another snapshot. Every delivery names its snapshot, so
    `actions` (the flattened actions, names resolved with `properties`) tells which names may be reported. When
    `personal` is set, some name varies from person to person and the delivery's own `rendered` decides.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    source_kind = models.PositiveSmallIntegerField(choices=SourceKind.choices)
    source_id = models.PositiveIntegerField()
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="snapshots")
    version = models.ForeignKey(MessageVersion, on_delete=models.CASCADE, related_name="snapshots")
    properties = models.JSONField(default=dict)
    actions = models.JSONField()
    personal = models.BooleanField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(source_kind__in=SourceKind.values), name="snapshot_source_known")
        ]
        indexes = [models.Index(fields=["workspace", "source_kind", "source_id"], name="snapshot_of_source")]

    def __str__(self) -> str:
        return f"snapshot {self.pk}"
