from __future__ import annotations

from django.urls import path

from tracking.rejections import views

REJECTS = "w/<slug:workspace>/rejects/"
urlpatterns = [
    path(REJECTS, views.index, name="rejects"),
    path(f"{REJECTS}<int:pk>/", views.detail, name="reject"),
]
