"""What broadcasts and campaigns have in common: a message with its properties filled in, and a status."""

from __future__ import annotations

from typing import Any, ClassVar, Self, TypeVar

from django.db import models

from console.accounts.models import User, Workspace
from messaging.common.source_kinds import SourceKind
from messaging.deliveries.models import LIFETIME_DAYS, LONGEST_LIFETIME
from messaging.errors import IllegalMove
from messaging.messages.models import Message
from messaging.people.models import Person
from messaging.snapshots.models import Snapshot

S = TypeVar("S", bound="Source")


class SourceQuerySet(models.QuerySet[S]):
    def of(self, workspace: Workspace) -> Self:
        return self.filter(workspace=workspace)

    def newest(self) -> Self:
        return self.order_by("-pk")


class Source(models.Model):
    """A broadcast or a campaign. `sources/registry.py` has the kinds."""

    KIND: ClassVar[SourceKind]
    DRAFT: ClassVar[str] = "draft"
    MOVES: ClassVar[dict[str, set[str]]]
    """To which statuses each status may change."""
    COPIED: ClassVar[tuple[str, ...]] = ("message", "properties", "lifetime_days")
    """The fields that a duplicate takes over."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=120)
    status = models.CharField(max_length=10, default=DRAFT)
    message = models.ForeignKey(Message, null=True, blank=True, on_delete=models.PROTECT, related_name="%(class)ss")
    properties = models.JSONField(default=dict, blank=True)
    snapshot = models.ForeignKey(
        Snapshot, null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    lifetime_days = models.PositiveSmallIntegerField(
        default=LIFETIME_DAYS, db_default=LIFETIME_DAYS, help_text="How long a delivery waits to be seen."
    )
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(lifetime_days__range=(1, LONGEST_LIFETIME)), name="%(class)s_lifetime_in_range"
            ),
            models.UniqueConstraint(fields=["workspace", "name"], name="%(class)s_name_once"),
        ]

    def __str__(self) -> str:
        return self.name

    def move(self, to: str, **also: Any) -> None:
        """Compare and set: raises IllegalMove when the row is not in a status that may become `to`."""
        came_from = [status for status, tos in self.MOVES.items() if to in tos]
        rows = type(self)._default_manager.filter(pk=self.pk, status__in=came_from)
        if not rows.update(status=to, **also):
            raise IllegalMove(self, to)
        self.refresh_from_db()

    def people_ahead(self) -> models.QuerySet[Person] | None:
        """Whom it would reach as things stand; None where that is not known before it happens."""
        return None
