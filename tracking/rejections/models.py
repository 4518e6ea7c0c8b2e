from __future__ import annotations

from django.db import models


class Rejection(models.Model):
    """An item that was refused, with its reason: to be read, mended and replayed (counted once)."""

    workspace_id = models.IntegerField()
    received_at = models.DateTimeField(auto_now_add=True)
    code = models.CharField(max_length=40)
    detail = models.TextField()
    item = models.JSONField()
    replayed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["workspace_id", "-id"], name="rejection_newest")]

    def __str__(self) -> str:
        return f"{self.code} {self.pk}"
