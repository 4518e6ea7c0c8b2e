from __future__ import annotations

from django.urls import path

from messaging.messages.views import editor, messages

MESSAGES = "w/<slug:workspace>/messages/"
urlpatterns = [
    path(MESSAGES, messages.index, name="messages"),
    path(f"{MESSAGES}new/", messages.new, name="message_new"),
    path(f"{MESSAGES}<int:pk>/", editor.page, name="message"),
    path(f"{MESSAGES}<int:pk>/draft/", editor.draft, name="message_draft"),
    path(f"{MESSAGES}<int:pk>/preview/", editor.preview, name="message_preview"),
    path(f"{MESSAGES}<int:pk>/publish/", editor.publish, name="message_publish"),
    path(f"{MESSAGES}<int:pk>/rename/", messages.rename, name="message_rename"),
    path(f"{MESSAGES}<int:pk>/duplicate/", messages.duplicate, name="message_duplicate"),
    path(f"{MESSAGES}<int:pk>/archive/", messages.archive, name="message_archive"),
    path(f"{MESSAGES}<int:pk>/restore/", messages.restore, name="message_restore"),
]
