from __future__ import annotations

from django.contrib.postgres.indexes import BrinIndex
from django.db import models


class Response(models.Model):
    """A tracked response: a tap or dismissal on an action with Track clicks on. Kept from the log by a consumer.

    The table's primary key is (workspace, person, key).
    """

    workspace_id = models.IntegerField()
    person_id = models.BigIntegerField()
    key = models.UUIDField(primary_key=True)
    delivery_id = models.BigIntegerField()
    snapshot_id = models.IntegerField()
    source_kind = models.PositiveSmallIntegerField()
    source_id = models.IntegerField()
    message_id = models.IntegerField()
    action_id = models.TextField()
    name = models.TextField()
    dismissal = models.BooleanField()
    value = models.TextField(default="")
    occurred_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["workspace_id", "source_kind", "source_id", "-occurred_at"], name="response_of_source"
            ),
            BrinIndex(fields=["occurred_at"], name="response_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.key}"
