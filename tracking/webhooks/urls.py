from __future__ import annotations

from django.urls import path

from tracking.webhooks import views

WEBHOOKS = "w/<slug:workspace>/webhooks/"
ONE = f"{WEBHOOKS}<int:pk>/"
urlpatterns = [
    path(WEBHOOKS, views.index, name="webhooks"),
    path(f"{WEBHOOKS}new/", views.new, name="webhook_new"),
    path(ONE, views.detail, name="webhook"),
    path(f"{ONE}edit/", views.edit, name="webhook_edit"),
    path(f"{ONE}switch/", views.switch, name="webhook_switch"),
    path(f"{ONE}secret/", views.rotate, name="webhook_rotate"),
    path(f"{ONE}test/", views.test, name="webhook_test"),
    path(f"{ONE}delete/", views.delete, name="webhook_delete"),
    path(f"{ONE}deliveries/<int:delivery>/retry/", views.retry, name="webhook_retry"),
]
