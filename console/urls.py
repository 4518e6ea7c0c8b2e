"""The map of doors. Everything of a workspace lives under /w/<slug>/, which the middleware opens."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("", include("messaging.urls")),
    path("", include("tracking.urls")),
    path("", include("console.views.urls")),
]
