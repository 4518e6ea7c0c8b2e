from __future__ import annotations

from django.db import models


class Merged(models.Model):
    """Person `gone` is counted as person `kept`, who is never gone. Written with the repair of the counts."""

    workspace_id = models.IntegerField()
    gone = models.BigIntegerField()
    kept = models.BigIntegerField()

    class Meta:
        verbose_name_plural = "merged"
        constraints = [models.UniqueConstraint(fields=["workspace_id", "gone"], name="merged_once")]
        indexes = [models.Index(fields=["workspace_id", "kept"], name="merged_by_kept")]

    def __str__(self) -> str:
        return f"{self.gone} into {self.kept}"


class Erased(models.Model):
    """Whoever was erased: reports that a forgotten browser still sends of them are not kept."""

    workspace_id = models.IntegerField()
    person_id = models.BigIntegerField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "erased"
        constraints = [models.UniqueConstraint(fields=["workspace_id", "person_id"], name="erased_once")]

    def __str__(self) -> str:
        return str(self.person_id)
