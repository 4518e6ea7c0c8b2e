"""The admin: models by what they are for, internal tables last, and a front page that says how the installation is."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import path
from django.views.generic import RedirectView

SECTIONS = ("Accounts", "Messages", "Reports", "Internals")


class EarshotAdminConfig(AdminConfig):
    default_site = "console.site.admin_site.EarshotAdmin"


class EarshotAdmin(AdminSite):
    site_header = site_title = "Earshot administration"
    index_title = "Administration"
    site_url = None  # the header leads to the console

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Under the sections that the models' admins name; an app's own page stays as Django makes it."""
        apps = super().get_app_list(request, app_label)
        if app_label:
            return apps
        sections: dict[str, list[Any]] = defaultdict(list)
        for model in (model for app in apps for model in app["models"]):
            section = getattr(self._registry[model["model"]], "section", SECTIONS[-1])
            sections[section].append(model)
        return [
            {"name": name, "app_label": name.lower(), "app_url": "", "has_module_perms": True, "models": sections[name]}
            for name in SECTIONS
            if sections[name]
        ]

    def get_urls(self) -> list[Any]:
        """A password is changed on the console's page, which has its limits."""
        elsewhere = RedirectView.as_view(pattern_name="account_change_password")
        return [path("password_change/", elsewhere, name="password_change"), *super().get_urls()]

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        from console.site.views import administration  # needs the models, which this module is loaded before

        facts = administration.facts() if self.has_permission(request) else {}
        return super().index(request, {**(extra_context or {}), **facts})
