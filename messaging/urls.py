"""The URLs of messaging: the API of public clients, the renderer, and the pages of a workspace."""

from __future__ import annotations

from django.urls import path

from messaging.broadcasts import urls as broadcasts
from messaging.campaigns import urls as campaigns
from messaging.content import views as renderer
from messaging.deliveries.api import urls as api
from messaging.messages import urls as messages
from messaging.people import urls as people
from messaging.segments import urls as segments
from messaging.sources import urls as sources

app_name = "messaging"

urlpatterns = [
    *api.urlpatterns,
    path("renderer/index.html", renderer.page, name="renderer"),
    path("renderer/preview.html", renderer.preview, name="renderer_preview"),
    *messages.urlpatterns,
    *people.urlpatterns,
    *segments.urlpatterns,
    *broadcasts.urlpatterns,
    *campaigns.urlpatterns,
    *sources.urlpatterns,
]
