from __future__ import annotations

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from console.accounts.models import Workspace
from tracking.ingest.models import EventKind

METRICS = [EventKind.OPENED, EventKind.CLICKED, EventKind.DISMISSED]


def every_metric() -> list[int]:
    return [metric.value for metric in METRICS]


class WebhookQuerySet(models.QuerySet["Webhook"]):
    def of(self, workspace: Workspace) -> WebhookQuerySet:
        return self.filter(workspace=workspace)

    def newest(self) -> WebhookQuerySet:
        return self.order_by("-pk")


class Webhook(models.Model):
    """An endpoint of a workspace's own server, which is told of reports.

    What was received before it was made, or while it is off, is never sent. Its signing secret is derived, not kept:
    `generation` says which one is in force. `failures` counts tries in a row, `failing_since` is the first of them.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    url = models.CharField(max_length=500)
    kinds = ArrayField(models.PositiveSmallIntegerField(), default=every_metric)
    active = models.BooleanField(default=True)
    generation = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    failures = models.PositiveIntegerField(default=0, editable=False)
    failing_since = models.DateTimeField(null=True, editable=False)
    paused_until = models.DateTimeField(null=True, editable=False, help_text="Left alone until then: it keeps failing.")
    gave_up_at = models.DateTimeField(null=True, editable=False, help_text="Switched off, because it failed so long.")

    objects = WebhookQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "url"], name="webhook_url_once"),
            models.CheckConstraint(
                condition=models.Q(kinds__len__gt=0) & models.Q(kinds__contained_by=every_metric()),
                name="webhook_wants_something_known",
            ),
            models.CheckConstraint(
                condition=models.Q(failures=0, failing_since__isnull=True)
                | models.Q(failures__gt=0, failing_since__isnull=False),
                name="webhook_failing_iff_dated",
            ),
            models.CheckConstraint(
                condition=models.Q(gave_up_at__isnull=True) | models.Q(active=False), name="webhook_given_up_is_off"
            ),
        ]

    def __str__(self) -> str:
        return self.url

    @property
    def metrics(self) -> list[str]:
        """What it wants, in the order in which it happens."""
        return [metric.label for metric in METRICS if metric in self.kinds]

    @property
    def status(self) -> str:
        if self.gave_up_at is not None:
            return "failed"
        if not self.active:
            return "off"
        return "failing" if self.failures else "live"


class DeliveryState(models.IntegerChoices):
    WAITING = 1, "Waiting"
    SENT = 2, "Sent"
    GIVEN_UP = 3, "Given up"


class WebhookDeliveryQuerySet(models.QuerySet["WebhookDelivery"]):
    def of(self, webhook: Webhook) -> WebhookDeliveryQuerySet:
        return self.filter(webhook_id=webhook.pk, workspace_id=webhook.workspace_id)

    def waiting(self) -> WebhookDeliveryQuerySet:
        return self.filter(due_at__isnull=False)

    def newest(self) -> WebhookDeliveryQuerySet:
        return self.order_by("-pk")


class WebhookDelivery(models.Model):
    """The outbox: one event for one endpoint, made in the transaction of the consumer's watermark.

    While it waits, `due_at` is the next try; a worker that takes it moves that ahead, so that what a killed worker
    took is due again. The body is made from the log for each try, and holds the event's key, the same in all of them.
    """

    workspace_id = models.IntegerField()
    webhook_id = models.BigIntegerField()
    key = models.UUIDField(help_text="Of the event in the log; the receiver's event_id.")
    person_id = models.BigIntegerField(null=True, help_text="Nobody: it was sent to try the endpoint out.")
    kind = models.PositiveSmallIntegerField(choices=[(metric.value, metric.label) for metric in METRICS])
    state = models.PositiveSmallIntegerField(choices=DeliveryState.choices, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)
    error = models.TextField(default="", blank=True, help_text="What was wrong with the last try.")
    created_at = models.DateTimeField(db_default=Now())

    objects = WebhookDeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "webhook deliveries"
        constraints = [
            models.UniqueConstraint(fields=["webhook_id", "key"], name="webhook_delivery_once"),
            models.CheckConstraint(
                condition=models.Q(state=DeliveryState.WAITING, due_at__isnull=False)
                | models.Q(state__in=[DeliveryState.SENT, DeliveryState.GIVEN_UP], due_at__isnull=True),
                name="webhook_delivery_due_iff_waiting",
            ),
        ]
        indexes = [
            models.Index(
                fields=["webhook_id", "due_at"], condition=models.Q(due_at__isnull=False), name="webhook_delivery_due"
            ),
            models.Index(fields=["webhook_id", "-id"], name="webhook_delivery_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.key}"

    @property
    def is_test(self) -> bool:
        return self.person_id is None

    @property
    def soon(self) -> bool:
        """Whether a page that shows it will be out of date within a minute."""
        return self.due_at is not None and self.due_at < timezone.now() + timedelta(minutes=1)
