"""Where machines knock: paths as public clients spell them."""

from __future__ import annotations

from django.urls import path

from messaging.deliveries.api.content import ContentView
from messaging.deliveries.api.queue import MessageLogView, QueueLogView, QueueView
from messaging.deliveries.api.settings import SettingsView

urlpatterns = [
    path("api/v4/users", QueueView.as_view(), name="queue"),
    path("api/v1/logs/queue/<str:queue_id>", QueueLogView.as_view(), name="queue_log"),
    path("api/v1/logs/message/<str:message_id>", MessageLogView.as_view(), name="message_log"),
    path("v1/projects/<str:key>/settings", SettingsView.as_view(), name="client_settings"),
    path("renderer/content/<str:token>", ContentView.as_view(), name="content"),
]
