"""Three kinds of admin pages: what staff may edit, facts that nobody edits, and tables too big to scan."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import quote
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import slugify
from unfold.admin import ModelAdmin

from console.models import Workspace
from console.services import audit


class EditableAdmin(ModelAdmin):  # type: ignore[misc]
    """Changed in place, never made or deleted here: making and deleting have rules that live in the services."""

    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """In the admin's own transaction, so the change and its audit row stand or fall together."""
        super().save_model(request, obj, form, change)
        if not form.changed_data:
            return
        changes = {name: [str(form.initial.get(name)), str(form.cleaned_data.get(name))] for name in form.changed_data}
        audit.record(
            workspace=obj if isinstance(obj, Workspace) else getattr(obj, "workspace", None),
            by=request.user,  # type: ignore[arg-type]
            verb=f"{slugify(obj._meta.model_name)}.changed_by_staff",
            target=obj,
            changes=changes,
        )


class FactAdmin(EditableAdmin):
    """Rows that say what happened: to be read."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ShortPaginator(Paginator):  # type: ignore[type-arg]
    """Counts no further than a person would page."""

    FAR = 1000

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return len(rows.order_by().values_list("pk")[: self.FAR])


class KeyedChangeList(ChangeList):
    def url_for_result(self, result: Any) -> str:
        owner: Any = self.model_admin
        address = ":".join(str(getattr(result, name)) for name in owner.key)
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[quote(address)])


class WorkspaceFilter(admin.SimpleListFilter):
    """One workspace at a time: the list is empty until one is chosen."""

    title = "workspace"
    parameter_name = "workspace_id"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(workspace.pk), workspace.name) for workspace in Workspace.objects.order_by("name")[:200]]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        chosen = self.value() or ""
        good = chosen.isdecimal() and len(chosen) < 10
        return queryset.filter(**{self.parameter_name: int(chosen)}) if good else queryset.none()


class BigAdmin(FactAdmin):
    """A table whose primary key is led by the workspace, with no index on Django's own key.

    The list shows one workspace in the order of `key`, the table's whole primary key, and an object's address is the
    parts of that key joined by `:`. So neither ever scans the table.
    """

    key: tuple[str, ...] = ()
    paginator = ShortPaginator
    list_filter = [WorkspaceFilter]
    sortable_by = ()

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        return self.key

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return KeyedChangeList

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        parts = object_id.split(":")
        if len(parts) != len(self.key):
            return None
        try:
            return self.get_queryset(request).get(**dict(zip(self.key, parts, strict=True)))
        except (self.model.DoesNotExist, ValueError, ValidationError, OverflowError):
            return None
