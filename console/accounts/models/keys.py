from __future__ import annotations

from django.db import models

from console.accounts.models.accounts import User
from console.accounts.models.workspaces import Workspace


class KeyKind(models.TextChoices):
    WRITE = "write", "Write key"
    SECRET = "secret", "Secret key"


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def of(self, workspace: Workspace) -> ApiKeyQuerySet:
        return self.filter(workspace=workspace)

    def live(self) -> ApiKeyQuerySet:
        return self.filter(revoked_at__isnull=True)


class ApiKey(models.Model):
    """A key of an SDK (write) or a server (secret). Only its SHA-256 is kept; keys are 192 random bits."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="keys")
    kind = models.CharField(max_length=6, choices=KeyKind.choices)
    name = models.CharField(max_length=60)
    digest = models.BinaryField(max_length=32, unique=True, editable=False)
    hint = models.CharField(max_length=16, editable=False, help_text="How the key begins and ends.")
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(kind__in=KeyKind.values), name="key_kind_known")]

    def __str__(self) -> str:
        return f"{self.name} ({self.hint})"
