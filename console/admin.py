"""The house in the admin. Staff see every workspace; what they change is written in its audit log."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.http import HttpRequest

from console.accounts.admin_base import EditableAdmin, FactAdmin
from console.accounts.models import ApiKey, AuditEntry, Installation, Invitation, Membership, Role, User, Workspace
from console.accounts.services import audit, members
from console.common.errors import Conflict

admin.site.unregister([Authenticator, EmailAddress, Group])  # as their packages show them, secrets included


@admin.register(User)
class UserAdmin(EditableAdmin):
    list_display = ["email", "first_name", "last_name", "is_staff", "is_active", "last_login"]
    list_filter = ["is_active", "is_staff", "is_superuser"]
    search_fields = ["email", "first_name", "last_name"]
    fields = ["email", "first_name", "last_name", "is_active", "is_staff", "is_superuser", "last_login", "date_joined"]
    readonly_fields = ["last_login", "date_joined"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Only a superuser makes somebody staff, or a superuser."""
        fixed = list(self.readonly_fields)
        return fixed if request.user.is_superuser else [*fixed, "is_staff", "is_superuser"]


@admin.register(Authenticator)
class SecondFactorAdmin(FactAdmin):
    """Who has a second factor. A superuser removes that of somebody who lost it."""

    section = "Accounts"
    list_display = ["user", "type", "created_at", "last_used_at"]
    list_filter = ["type"]
    list_select_related = ["user"]
    search_fields = ["user__email"]
    fields = ["user", "type", "created_at", "last_used_at"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        audit.record(workspace=None, by=request.user, verb="second_factor.removed_by_staff", target=obj.user)  # type: ignore[arg-type]
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for one in queryset:
            self.delete_model(request, one)


@admin.register(Workspace)
class WorkspaceAdmin(EditableAdmin):
    list_display = ["name", "slug", "retention_days", "signed_people_only", "created_at"]
    list_filter = ["signed_people_only"]
    search_fields = ["name", "slug"]
    readonly_fields = ["created_at"]
    console_page = "console:dashboard"


@admin.register(Membership)
class MembershipAdmin(EditableAdmin):
    """Through the service, so that a workspace keeps its last owner here too."""

    list_display = ["user", "workspace", "role", "created_at"]
    list_filter = ["role"]
    list_select_related = ["user", "workspace"]
    search_fields = ["user__email", "workspace__name"]
    readonly_fields = ["workspace", "user", "created_at"]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        kept = Membership.objects.get(pk=obj.pk)
        try:
            members.change_role(kept, role=Role(obj.role), by=request.user)  # type: ignore[arg-type]
        except Conflict as conflict:
            messages.error(request, str(conflict))


@admin.register(Invitation)
class InvitationAdmin(FactAdmin):
    section = "Accounts"
    list_display = ["email", "workspace", "role", "mailed", "invited_by", "expires_at"]
    list_select_related = ["workspace", "invited_by"]
    search_fields = ["email", "workspace__name"]
    exclude = ["digest"]


@admin.register(ApiKey)
class ApiKeyAdmin(FactAdmin):
    section = "Accounts"
    list_display = ["name", "kind", "hint", "workspace", "created_by", "created_at", "revoked_at"]
    list_filter = ["kind", ("revoked_at", admin.EmptyFieldListFilter)]
    list_select_related = ["workspace", "created_by"]
    search_fields = ["name", "hint", "workspace__name"]
    exclude = ["digest"]


@admin.register(AuditEntry)
class AuditEntryAdmin(FactAdmin):
    section = "Accounts"
    list_display = ["verb", "object_label", "actor", "workspace", "at"]
    list_filter = ["object_type"]
    list_select_related = ["actor", "workspace"]
    search_fields = ["verb", "object_label", "actor__email"]


@admin.register(EmailAddress)
class EmailAddressAdmin(FactAdmin):
    section = "Accounts"
    list_display = ["email", "user", "primary", "verified"]
    list_filter = ["verified"]
    list_select_related = ["user"]
    search_fields = ["email"]


@admin.register(Installation)
class InstallationAdmin(FactAdmin):
    list_display = ["__str__", "pruned_on"]
