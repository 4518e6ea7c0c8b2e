from __future__ import annotations

from django.urls import path

from messaging.broadcasts import views

BROADCASTS = "w/<slug:workspace>/broadcasts/"
urlpatterns = [
    path(BROADCASTS, views.broadcasts, name="broadcasts"),
    path(f"{BROADCASTS}new/", views.new, name="broadcast_new"),
    path(f"{BROADCASTS}audience/", views.audience, name="audience"),
    path(f"{BROADCASTS}<int:pk>/", views.broadcast, name="broadcast"),
    path(f"{BROADCASTS}<int:pk>/edit/", views.edit, name="broadcast_edit"),
    path(f"{BROADCASTS}<int:pk>/send/", views.send, name="broadcast_send"),
    path(f"{BROADCASTS}<int:pk>/progress/", views.progress, name="broadcast_progress"),
    path(f"{BROADCASTS}<int:pk>/cancel/", views.cancel, name="broadcast_cancel"),
    path(f"{BROADCASTS}<int:pk>/unschedule/", views.unschedule, name="broadcast_unschedule"),
]
