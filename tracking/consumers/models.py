from __future__ import annotations

from django.db import models


class Watermark(models.Model):
    """How far a consumer has come: all rows of the log with `tx` up to this are done, in one transaction with it."""

    consumer = models.CharField(max_length=20, primary_key=True)
    tx = models.BigIntegerField(default=0)
    moved_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.consumer} at {self.tx}"


class DeadLetter(models.Model):
    """A row of the log on which a consumer failed. It waits here, so that one row does not hold up the others."""

    consumer = models.CharField(max_length=20)
    workspace_id = models.IntegerField()
    key = models.UUIDField()
    error = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "tracking_aside"
        constraints = [models.UniqueConstraint(fields=["consumer", "workspace_id", "key"], name="aside_once")]

    def __str__(self) -> str:
        return f"{self.consumer} {self.key}"
