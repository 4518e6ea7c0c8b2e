"""The URLs of messaging: the API of public clients, the renderer, and the pages of a workspace."""

from __future__ import annotations

from django.urls import path

from messaging.api import urls as api
from messaging.views import editor, messages, renderer, sending_urls

app_name = "messaging"

ONE = "w/<slug:workspace>/messages/<int:pk>/"
urlpatterns = [
    *api.urlpatterns,
    path("renderer/index.html", renderer.page, name="renderer"),
    path("renderer/preview.html", renderer.preview, name="renderer_preview"),
    path("w/<slug:workspace>/messages/", messages.index, name="messages"),
    path("w/<slug:workspace>/messages/new/", messages.new, name="message_new"),
    path(ONE, editor.page, name="message"),
    path(f"{ONE}draft/", editor.draft, name="message_draft"),
    path(f"{ONE}preview/", editor.preview, name="message_preview"),
    path(f"{ONE}publish/", editor.publish, name="message_publish"),
    path(f"{ONE}rename/", messages.rename, name="message_rename"),
    path(f"{ONE}duplicate/", messages.duplicate, name="message_duplicate"),
    path(f"{ONE}archive/", messages.archive, name="message_archive"),
    path(f"{ONE}restore/", messages.restore, name="message_restore"),
    *sending_urls.urlpatterns,
]
