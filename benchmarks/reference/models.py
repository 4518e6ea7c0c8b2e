from __future__ import annotations

from django.db import models


class PlainEvent(models.Model):
    workspace_id = models.IntegerField()
    message_id = models.CharField(max_length=100)
    event = models.CharField(max_length=200)
    user_id = models.CharField(max_length=150, null=True)  # noqa: DJ001
    properties = models.JSONField(default=dict)
    timestamp = models.DateTimeField()
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace_id", "message_id"], name="plain_event_once")]

    def __str__(self) -> str:
        return self.event


class PlainDelivery(models.Model):
    user = models.CharField(max_length=150, db_index=True)
    content = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.user
