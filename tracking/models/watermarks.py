from __future__ import annotations

from django.db import models


class Watermark(models.Model):
    """How far a follower has come: every log row with `tx` up to this is done, in the same transaction as its work."""

    follower = models.CharField(max_length=20, primary_key=True)
    tx = models.BigIntegerField(default=0)
    moved_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.follower} at {self.tx}"


class Aside(models.Model):
    """A log row that a follower could not stomach alone. It was put aside so that the rest goes on."""

    follower = models.CharField(max_length=20)
    workspace_id = models.IntegerField()
    key = models.UUIDField()
    error = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["follower", "workspace_id", "key"], name="aside_once")]

    def __str__(self) -> str:
        return f"{self.follower} {self.key}"
