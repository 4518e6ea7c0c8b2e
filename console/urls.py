"""All URLs. Everything of a workspace lives under /w/<slug>/, which the middleware opens."""

from __future__ import annotations

from allauth.account import views as allauth
from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from console.site.views import health, prometheus
from console.site.views.mail import needs_mail

urlpatterns = [
    path("healthz", health.alive),
    path("readyz", health.ready),
    path("metrics", prometheus.scrape),
    path("admin/login/", secure_admin_login(admin.site.login)),  # the one sign-in, with its limits and second factor
    path("admin/", admin.site.urls),
    path("accounts/password/reset/", needs_mail(allauth.password_reset)),
    path("accounts/password/reset/done/", needs_mail(allauth.password_reset_done)),
    path("accounts/confirm-email/", needs_mail(allauth.email_verification_sent)),
    path("accounts/email/", needs_mail(allauth.email)),
    path("accounts/", include("allauth.urls")),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path(
        "api/docs/",
        SpectacularSwaggerSplitView.as_view(url_name="schema", http_method_names=["get", "head"]),
        name="docs",
    ),
    path("", include("messaging.urls")),
    path("", include("tracking.urls")),
    path("", include("console.site.urls")),
]

handler400 = "console.site.views.errors.bad_request"
handler403 = "console.site.views.errors.forbidden"
handler404 = "console.site.views.errors.not_found"
handler500 = "console.site.views.errors.crashed"
