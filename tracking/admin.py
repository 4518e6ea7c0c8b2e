"""Events, responses and counts in the admin: facts, to be read and not edited."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from console.accounts.admin_base import BigAdmin, FactAdmin, WorkspaceFilter
from tracking.consumers.models import DeadLetter, Watermark
from tracking.erasure.models import Erased, Merged
from tracking.ingest.models import Event
from tracking.rejections.models import Rejection
from tracking.responses.models import Response
from tracking.rollups.models import Bucket, DayBucket, People, Seen, Subject
from tracking.webhooks.models import Webhook, WebhookDelivery


@admin.register(Event)
class EventAdmin(BigAdmin):
    section = "Reports"
    key = ("workspace_id", "key")
    list_display = ["key", "kind", "name", "user_id", "anonymous_id", "occurred_at", "received_at", "test"]
    search_fields = ["key__exact"]


@admin.register(Response)
class ResponseAdmin(BigAdmin):
    section = "Reports"
    key = ("workspace_id", "person_id", "key")
    list_display = ["key", "person_id", "name", "value", "source_kind", "source_id", "occurred_at"]
    search_fields = ["person_id__exact"]


@admin.register(Rejection)
class RejectAdmin(FactAdmin):
    section = "Reports"
    list_display = ["id", "workspace_id", "code", "received_at", "replayed_at"]
    list_filter = ["code", ("replayed_at", admin.EmptyFieldListFilter)]
    search_fields = ["code__exact"]


@admin.register(Subject)
class SubjectAdmin(FactAdmin):
    list_display = ["id", "workspace_id", "kind", "source_kind", "source_id", "message_id", "action_id", "name"]
    list_filter = ["kind", "source_kind"]
    search_fields = ["name", "action_id"]


@admin.register(Bucket)
class BucketAdmin(FactAdmin):
    list_display = ["subject_id", "hour", "count"]
    search_fields = ["subject_id__exact"]


@admin.register(DayBucket)
class DayBucketAdmin(FactAdmin):
    list_display = ["subject_id", "day", "count"]
    search_fields = ["subject_id__exact"]


@admin.register(Seen)
class SeenAdmin(BigAdmin):
    key = ("workspace_id", "person_id", "place_id", "delivery_id")
    list_display = ["person_id", "place_id", "delivery_id", "said"]
    search_fields = ["person_id__exact"]

    def said(self, seen: Seen) -> str:
        return ", ".join(f"{mark.subject_id} on {mark.day}" for mark in seen.told())


@admin.register(People)
class PeopleAdmin(FactAdmin):
    list_display = ["subject_id", "day", "previous", "count"]
    search_fields = ["subject_id__exact"]


@admin.register(Merged)
class MergedAdmin(FactAdmin):
    list_display = ["workspace_id", "gone", "kept"]
    search_fields = ["gone__exact", "kept__exact"]


@admin.register(Erased)
class ErasedAdmin(FactAdmin):
    list_display = ["workspace_id", "person_id", "at"]
    search_fields = ["person_id__exact"]


@admin.register(Watermark)
class WatermarkAdmin(FactAdmin):
    list_display = ["consumer", "tx", "moved_at"]


@admin.register(DeadLetter)
class AsideAdmin(FactAdmin):
    list_display = ["consumer", "workspace_id", "key", "error", "at"]
    list_filter = ["consumer"]
    search_fields = ["error"]


@admin.register(Webhook)
class WebhookAdmin(FactAdmin):
    section = "Reports"
    console_page = "tracking:webhook"
    list_display = ["url", "workspace", "kinds", "active", "failures", "failing_since", "gave_up_at"]
    list_filter = ["active"]
    search_fields = ["url"]


class WebhookFilter(WorkspaceFilter):
    """Older ones than these are reached by `?webhook_id=`."""

    title = "webhook"
    parameter_name = "webhook_id"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(webhook.pk), str(webhook)) for webhook in Webhook.objects.order_by("-pk")[:200]]


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(BigAdmin):
    section = "Reports"
    key = ("webhook_id", "key")
    owners = Webhook
    list_display = ["webhook_id", "key", "kind", "state", "attempts", "due_at", "error", "created_at"]
    list_filter = [WebhookFilter]
    search_fields = ["key__exact"]
