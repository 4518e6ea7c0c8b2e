from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models

from console.accounts.models.accounts import User


class WorkspaceQuerySet(models.QuerySet["Workspace"]):
    def of(self, user: User) -> WorkspaceQuerySet:
        """The workspaces this user is a member of."""
        return self.filter(memberships__user=user)


class Workspace(models.Model):
    """The tenant: every row belongs to one."""

    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=60, unique=True)
    retention_days = models.PositiveIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(30)],
        help_text="Events and responses older than this many days are deleted. Empty keeps them for ever.",
    )
    signed_people_only = models.BooleanField(
        default=False, help_text="Queues are given only to people whose id is signed by your server."
    )
    write_key_attributes = ArrayField(
        models.CharField(max_length=150),
        null=True,
        blank=True,
        help_text="The attributes of people that the write key may set. Null: any.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = WorkspaceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(retention_days__isnull=True) | models.Q(retention_days__gte=30),
                name="workspace_retention_covers_deduplication",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    OWNER = "owner", "Owner"
    AUTHOR = "author", "Author"
    VIEWER = "viewer", "Viewer"

    @property
    def rank(self) -> int:
        return {"viewer": 1, "author": 2, "owner": 3}[self.value]


class Membership(models.Model):
    """What a user may do in a workspace: view, write (author), or govern (owner)."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "user"], name="membership_once"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.workspace}"
