"""What was said, in the admin. What services keep true (statuses, versions, deliveries) is read-only here."""

from __future__ import annotations

from django.contrib import admin

from console.accounts.admin_base import BigAdmin, EditableAdmin, FactAdmin
from messaging.broadcasts.models import Broadcast
from messaging.campaigns.models import Campaign
from messaging.deliveries.models import Delivery, SendCount
from messaging.messages.models import Message, MessageVersion
from messaging.people.models import AnonymousId, Person
from messaging.segments.models import Segment
from messaging.snapshots.models import Snapshot


class NamedAdmin(EditableAdmin):
    """Staff may rename; the rest belongs to the pages of the workspace, which check it."""

    section = "Messages"
    list_select_related = ["workspace"]
    search_fields = ["name", "workspace__name"]

    def get_readonly_fields(self, request: object, obj: object = None) -> list[str]:
        return [field.name for field in self.model._meta.fields if field.name != "name"]


@admin.register(Message)
class MessageAdmin(NamedAdmin):
    console_page = "messaging:message"
    list_display = ["name", "workspace", "revision", "updated_at", "archived_at"]
    list_filter = [("archived_at", admin.EmptyFieldListFilter)]


@admin.register(Broadcast)
class BroadcastAdmin(NamedAdmin):
    console_page = "messaging:broadcast"
    list_display = ["name", "workspace", "status", "sent", "started_at", "finished_at"]
    list_filter = ["status"]


@admin.register(Campaign)
class CampaignAdmin(NamedAdmin):
    console_page = "messaging:campaign"
    list_display = ["name", "workspace", "status", "trigger_event", "frequency", "started_at"]
    list_filter = ["status", "frequency"]


@admin.register(Segment)
class SegmentAdmin(NamedAdmin):
    console_page = "messaging:segment"
    list_display = ["name", "workspace", "updated_at"]


@admin.register(MessageVersion)
class MessageVersionAdmin(FactAdmin):
    list_display = ["message", "number", "published_by", "published_at"]
    list_select_related = ["message", "published_by"]
    list_filter = ["published_at"]
    search_fields = ["message__name"]


@admin.register(Snapshot)
class UseAdmin(FactAdmin):
    list_display = ["id", "workspace", "source_kind", "source_id", "message", "version", "personal"]
    list_select_related = ["workspace", "message", "version__message"]
    list_filter = ["source_kind", "personal"]
    search_fields = ["message__name"]


@admin.register(Person)
class PersonAdmin(FactAdmin):
    section = "Messages"
    console_page = "messaging:person"
    list_display = ["id", "external_id", "workspace", "merged_into", "created_at"]
    list_select_related = ["workspace"]
    search_fields = ["external_id__exact"]
    search_help_text = "The whole external id."


@admin.register(AnonymousId)
class AnonymousIdAdmin(FactAdmin):
    list_display = ["anonymous_id", "person", "workspace"]
    list_select_related = ["person", "workspace"]
    search_fields = ["anonymous_id__exact"]


@admin.register(Delivery)
class DeliveryAdmin(BigAdmin):
    section = "Messages"
    key = ("workspace_id", "person_id", "id")
    list_display = ["id", "person_id", "source_kind", "source_id", "state", "created_at", "test"]
    search_fields = ["person_id__exact"]


@admin.register(SendCount)
class SendCountAdmin(FactAdmin):
    list_display = ["workspace_id", "source_kind", "source_id", "message_id", "hour", "count"]
    list_filter = ["source_kind"]
    search_fields = ["source_id__exact"]
