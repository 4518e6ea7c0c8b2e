from __future__ import annotations

from django.urls import include, path

from tracking.api.metrics import MetricsView
from tracking.views import erasure, metrics, numbers, rejects, responses, webhooks

app_name = "tracking"


W = "w/<slug:workspace>/"
HOOK = W + "webhooks/<int:pk>/"
ONE = W + "<str:kind>/<int:pk>/"
urlpatterns = [
    path("v1/", include("tracking.api.urls")),
    path(ONE + "metrics/", metrics.metrics, name="metrics"),
    path(ONE + "responses/", responses.responses, name="responses"),
    path(ONE + "responses.csv", responses.export, name="responses_csv"),
    path(ONE + "numbers/", numbers.of_source, name="numbers"),
    path(W + "people/<int:pk>/erase/", erasure.person, name="erase_person"),
    path(W + "rejects/", rejects.index, name="rejects"),
    path(W + "rejects/<int:pk>/", rejects.detail, name="reject"),
    path(W + "webhooks/", webhooks.index, name="webhooks"),
    path(W + "webhooks/new/", webhooks.new, name="webhook_new"),
    path(HOOK, webhooks.detail, name="webhook"),
    path(HOOK + "edit/", webhooks.edit, name="webhook_edit"),
    path(HOOK + "switch/", webhooks.switch, name="webhook_switch"),
    path(HOOK + "secret/", webhooks.rotate, name="webhook_rotate"),
    path(HOOK + "test/", webhooks.test, name="webhook_test"),
    path(HOOK + "delete/", webhooks.delete, name="webhook_delete"),
    path(HOOK + "deliveries/<int:delivery>/retry/", webhooks.retry, name="webhook_retry"),
    path("api/metrics/<str:kind>/<int:pk>", MetricsView.as_view(), name="api_metrics"),
]
