from __future__ import annotations

from django.db import models

from console.accounts.models.accounts import User
from console.accounts.models.workspaces import Workspace


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    def of(self, workspace: Workspace) -> AuditQuerySet:
        return self.filter(workspace=workspace).select_related("actor").order_by("-pk")


class AuditEntry(models.Model):
    """Who changed what, when. Written in the transaction of the change; never edited."""

    workspace = models.ForeignKey(Workspace, null=True, on_delete=models.CASCADE, related_name="+")
    actor = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    verb = models.CharField(max_length=40, help_text="What happened, e.g. message.published")
    object_type = models.CharField(max_length=40)
    object_id = models.CharField(max_length=40)
    object_label = models.CharField(max_length=200)
    changes = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "audit entries"
        indexes = [models.Index(fields=["workspace", "-id"], name="audit_newest")]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_label}"
