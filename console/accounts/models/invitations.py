from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from console.accounts.models.accounts import User
from console.accounts.models.workspaces import Role, Workspace


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def of(self, workspace: Workspace) -> InvitationQuerySet:
        return self.filter(workspace=workspace)

    def good(self) -> InvitationQuerySet:
        return self.filter(expires_at__gt=timezone.now())


class Invitation(models.Model):
    """A link that makes whoever opens it a member, once. Of the link only the SHA-256 is kept; taken, the row goes."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField("email address")
    role = models.CharField(max_length=10, choices=Role.choices)
    digest = models.BinaryField(max_length=32, unique=True, editable=False)
    mailed = models.BooleanField(help_text="The link went to the address alone, so who has it reads that mailbox.")
    invited_by = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "email"], name="invitation_once"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="invitation_role_known"),
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="invitation_email_lower_case"),
        ]

    def __str__(self) -> str:
        return f"{self.email} to {self.workspace}"

    @property
    def expired(self) -> bool:
        return self.expires_at <= timezone.now()
