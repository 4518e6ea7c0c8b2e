from __future__ import annotations

from django.db import models


class Watermark(models.Model):
    """How far a follower has come: every log row with `tx` up to this is done, in the same transaction as its work."""

    follower = models.CharField(max_length=20, primary_key=True)
    tx = models.BigIntegerField(default=0)
    moved_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.follower} at {self.tx}"
