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

from console.accounts.models import Workspace
from console.accounts.services import audit

MOST_OWNERS = 2000  # workspaces or webhooks, the newest, that a search looks into


class ShortPaginator(Paginator):  # type: ignore[type-arg]
    """Counts no further than a person would page."""

    FAR = 1000

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return len(rows.order_by().values_list("pk")[: self.FAR])


class WorkspaceFilter(admin.SimpleListFilter):
    """One workspace at a time; without one, whatever comes first in the order of the list."""

    title = "workspace"
    parameter_name = "workspace_id"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(workspace.pk), workspace.name) for workspace in Workspace.objects.order_by("name")[:200]]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        chosen = self.value()
        if chosen is None:
            return queryset
        good = chosen.isdecimal() and len(chosen) < 10
        return queryset.filter(**{self.parameter_name: int(chosen)}) if good else queryset.none()


class EditableAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Changed in place, never made or deleted here: making and deleting have rules that live in the services."""

    section = "Accounts"
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # each would count its rows
    paginator = ShortPaginator
    list_per_page = 50
    console_page = ""
    """The page of the console that shows the same thing, by the name of its address."""

    def get_list_filter(self, request: HttpRequest) -> Any:
        """By workspace first, wherever there is one."""
        own = list(super().get_list_filter(request))
        names = {field.attname for field in self.model._meta.concrete_fields}
        return [WorkspaceFilter, *own] if "workspace_id" in names else own

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        if obj is None or not self.console_page:
            return None
        workspace = obj if isinstance(obj, Workspace) else obj.workspace
        keys = {"workspace": workspace.slug} | ({} if obj is workspace else {"pk": obj.pk})
        return reverse(self.console_page, kwargs=keys)

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

    section = "Internals"

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class KeyedChangeList(ChangeList):
    def url_for_result(self, result: Any) -> str:
        owner: Any = self.model_admin
        address = ":".join(str(getattr(result, name)) for name in owner.key)
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[quote(address)])


class BigAdmin(FactAdmin):
    """A table whose primary key is led by the workspace, with no index on Django's own key.

    The list is in the order of `key`, the table's whole primary key, and an object's address is the parts of that key
    joined by `:`. A search without a workspace asks each workspace in turn. So none of them ever scans the table.
    """

    key: tuple[str, ...] = ()
    owners: type[models.Model] = Workspace
    """Whose rows these are: the model of the first part of the key."""
    sortable_by = ()

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Any], search_term: str
    ) -> tuple[models.QuerySet[Any], bool]:
        found, more = super().get_search_results(request, queryset, search_term)
        if not search_term:
            return found, more
        every = list(self.owners._default_manager.order_by("-pk").values_list("pk", flat=True)[:MOST_OWNERS])
        return found.filter(**{f"{self.key[0]}__in": every}), more

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
