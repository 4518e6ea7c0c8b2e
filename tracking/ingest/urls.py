from __future__ import annotations

from django.urls import path

from tracking.ingest.api import view_of
from tracking.ingest.shapes import SHAPES

urlpatterns = [path(f"v1/{kind}", view_of(kind), name=f"ingest_{kind}") for kind in SHAPES]
# The short forms of the browser client are the same calls; the schema tells of each once.
urlpatterns += [path(f"v1/{kind[0]}", view_of(kind, told=False), name=f"ingest_{kind[0]}") for kind in SHAPES]
