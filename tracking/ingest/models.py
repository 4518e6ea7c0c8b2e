from __future__ import annotations

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Now


class EventKind(models.IntegerChoices):
    IDENTIFY = 1, "identify"
    TRACK = 2, "track"
    PAGE = 3, "page"
    SCREEN = 4, "screen"
    GROUP = 5, "group"
    ALIAS = 6, "alias"
    OPENED = 7, "opened"
    CLICKED = 8, "clicked"
    DISMISSED = 9, "dismissed"


class TransactionId(models.Func):
    """The writing transaction's id. Ids below `pg_snapshot_xmin` are settled for ever: the consumers' horizon."""

    template = "(pg_current_xact_id()::text::bigint)"
    output_field = models.BigIntegerField()


class Event(models.Model):
    """The log: one row for every accepted call, append-only, in the order of (`tx`, `key`).

    `key` is a hash of (workspace, the client's message id), so a call sent twice is one row. The table's primary
    key is (workspace, key): bare ids, no foreign keys, ready to be distributed by workspace. Columns from
    `person_id` on are of in-app reports only, where `name` is the action's resolved name.
    """

    workspace_id = models.IntegerField()
    key = models.UUIDField(primary_key=True)
    tx = models.BigIntegerField(db_default=TransactionId())
    kind = models.PositiveSmallIntegerField(choices=EventKind.choices)
    occurred_at = models.DateTimeField(help_text="By the client's clock, corrected by sentAt.")
    received_at = models.DateTimeField(db_default=Now())
    clamped = models.BooleanField(
        default=False, help_text="The client's clock was absurd; the time of receipt stands in."
    )
    user_id = models.TextField(null=True)  # noqa: DJ001 - null costs a bit, and is not ""
    anonymous_id = models.TextField(null=True)  # noqa: DJ001
    name = models.TextField(null=True)  # noqa: DJ001
    payload = models.JSONField(null=True)
    person_id = models.BigIntegerField(null=True)
    delivery_id = models.BigIntegerField(null=True)
    snapshot_id = models.IntegerField(null=True)
    source_kind = models.PositiveSmallIntegerField(null=True)
    source_id = models.IntegerField(null=True)
    message_id = models.IntegerField(null=True)
    action_id = models.TextField(null=True)  # noqa: DJ001
    reason = models.TextField(null=True)  # noqa: DJ001
    value = models.TextField(null=True)  # noqa: DJ001
    test = models.BooleanField(default=False)
    personal = models.BooleanField(default=False, help_text="The action's name varies from person to person.")
    proof = models.PositiveSmallIntegerField(
        null=True, help_text="1: the userId is signed; 2: sent with a secret key. Null costs a bit."
    )

    class Meta:
        indexes = [
            models.Index(fields=["tx"], name="event_log_order"),
            BrinIndex(fields=["occurred_at"], name="event_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.key}"
