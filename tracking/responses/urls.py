from __future__ import annotations

from django.urls import path

from tracking.responses import views

SOURCE = "w/<slug:workspace>/<str:kind>/<int:pk>/"
urlpatterns = [
    path(f"{SOURCE}responses/", views.responses, name="responses"),
    path(f"{SOURCE}responses.csv", views.export, name="responses_csv"),
]
