from __future__ import annotations

from django.db import models

from console.accounts.models import Workspace


class SegmentQuerySet(models.QuerySet["Segment"]):
    def of(self, workspace: Workspace) -> SegmentQuerySet:
        return self.filter(workspace=workspace).order_by("name")


class Segment(models.Model):
    """A named set of people, by rules on their attributes (read by `messaging.rules`)."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    rules = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = SegmentQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="segment_name_once")]

    def __str__(self) -> str:
        return self.name
