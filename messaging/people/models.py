from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from console.accounts.models import Workspace


class PersonQuerySet(models.QuerySet["Person"]):
    def of(self, workspace: Workspace) -> PersonQuerySet:
        """The people of a workspace; those merged into another are that other person now."""
        return self.filter(workspace=workspace, merged_into__isnull=True)


class Person(models.Model):
    """Somebody messages are sent to. Anonymous until `external_id` is known.

    A merged person stays as a row that points at who it became (never at another merged one), because
    deliveries in browsers still carry its id.
    """

    # Wider indexes begin with it: one of its own would only tempt the planner where statistics are missing.
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+", db_index=False)
    external_id = models.CharField(max_length=150, null=True, blank=True)  # noqa: DJ001 - unknown is not ""
    attributes = models.JSONField(default=dict, blank=True)
    merged_into = models.BigIntegerField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "people"
        constraints = [
            models.UniqueConstraint(fields=["workspace", "external_id"], name="person_external_id_once"),
            models.CheckConstraint(condition=~models.Q(external_id=""), name="person_external_id_not_blank"),
        ]
        indexes = [
            models.Index(fields=["workspace", "id"], name="person_in_workspace"),
            GinIndex(fields=["attributes"], opclasses=["jsonb_path_ops"], name="person_attributes"),
            models.Index(
                fields=["workspace", "merged_into"],
                condition=models.Q(merged_into__isnull=False),
                name="person_merged",
            ),
        ]

    def __str__(self) -> str:
        return self.external_id or f"anonymous {self.pk}"


class AnonymousId(models.Model):
    """A browser's or device's own id for a person not yet known."""

    # Wider indexes begin with it: one of its own would only tempt the planner where statistics are missing.
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+", db_index=False)
    anonymous_id = models.CharField(max_length=150)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="anonymous_ids")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "anonymous_id"], name="anonymous_id_once")]

    def __str__(self) -> str:
        return self.anonymous_id
