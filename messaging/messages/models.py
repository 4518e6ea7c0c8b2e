from __future__ import annotations

from django.db import models

from console.accounts.models import User, Workspace


class MessageQuerySet(models.QuerySet["Message"]):
    def of(self, workspace: Workspace) -> MessageQuerySet:
        return self.filter(workspace=workspace)

    def active(self) -> MessageQuerySet:
        return self.filter(archived_at__isnull=True)

    def published(self) -> MessageQuerySet:
        return self.active().filter(versions__isnull=False).distinct()

    def newest(self) -> MessageQuerySet:
        return self.order_by("-updated_at", "-pk")


class Message(models.Model):
    """What a marketer writes. `draft` is read by `messaging.content`; publishing freezes it as a version."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=120)
    draft = models.JSONField()
    revision = models.PositiveIntegerField(
        default=1, help_text="Grows with every saved draft; a stale save is refused."
    )
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="message_name_once")]

    def __str__(self) -> str:
        return self.name


class MessageVersion(models.Model):
    """A published message: immutable (a trigger refuses every update), so that results survive edits."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    published_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    published_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["message", "number"], name="message_version_once")]

    def __str__(self) -> str:
        return f"{self.message} v{self.number}"
