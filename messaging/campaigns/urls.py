from __future__ import annotations

from django.urls import path

from messaging.campaigns import views

CAMPAIGNS = "w/<slug:workspace>/campaigns/"
urlpatterns = [
    path(CAMPAIGNS, views.campaigns, name="campaigns"),
    path(f"{CAMPAIGNS}new/", views.new, name="campaign_new"),
    path(f"{CAMPAIGNS}<int:pk>/", views.campaign, name="campaign"),
    path(f"{CAMPAIGNS}<int:pk>/edit/", views.edit, name="campaign_edit"),
    path(f"{CAMPAIGNS}<int:pk>/move/<str:verb>/", views.move, name="campaign_move"),
]
