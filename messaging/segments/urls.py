from __future__ import annotations

from django.urls import path

from messaging.segments import views

SEGMENTS = "w/<slug:workspace>/segments/"
urlpatterns = [
    path(SEGMENTS, views.segments, name="segments"),
    path(f"{SEGMENTS}new/", views.new, name="segment_new"),
    path(f"{SEGMENTS}count/", views.count, name="segment_count"),
    path(f"{SEGMENTS}rule/", views.rule_row, name="rule_row"),
    path(f"{SEGMENTS}<int:pk>/", views.segment, name="segment"),
    path(f"{SEGMENTS}<int:pk>/delete/", views.delete, name="segment_delete"),
]
