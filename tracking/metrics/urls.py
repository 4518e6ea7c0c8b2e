from __future__ import annotations

from django.urls import path

from tracking.metrics.api import MetricsView
from tracking.metrics.views import metrics, numbers

SOURCE = "w/<slug:workspace>/<str:kind>/<int:pk>/"
urlpatterns = [
    path(f"{SOURCE}metrics/", metrics.metrics, name="metrics"),
    path(f"{SOURCE}numbers/", numbers.of_source, name="numbers"),
    path("api/metrics/<str:kind>/<int:pk>", MetricsView.as_view(), name="api_metrics"),
]
