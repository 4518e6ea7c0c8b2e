from __future__ import annotations

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from messaging.sources.views import person_deliveries, recipients, sources


class SourceConverter(StringConverter):
    """What sends messages, and nothing else that has such an address, as webhooks have."""

    regex = "broadcasts|campaigns"


register_converter(SourceConverter, "source")

SOURCES = "w/<slug:workspace>/<source:kind>/"
urlpatterns = [
    path("w/<slug:workspace>/people/<int:pk>/deliveries/", person_deliveries.deliveries, name="person_deliveries"),
    path(f"{SOURCES}<int:pk>/retry/", sources.retry, name="source_retry"),
    path(f"{SOURCES}compose/fields/", sources.fields, name="source_fields"),
    path(f"{SOURCES}compose/preview/", sources.preview, name="source_preview"),
    path(f"{SOURCES}<int:pk>/people/", recipients.people, name="source_people"),
    path(f"{SOURCES}<int:pk>/duplicate/", sources.duplicate, name="source_duplicate"),
    path(f"{SOURCES}<int:pk>/delete/", sources.delete, name="source_delete"),
]
