from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from tracking.views import metrics, responses

app_name = "tracking"


def soon(request: HttpRequest, kind: str = "", pk: int = 0) -> HttpResponse:
    return HttpResponse("soon")


W = "w/<slug:workspace>/"
ONE = W + "<str:kind>/<int:pk>/"
urlpatterns = [
    path("v1/", include("tracking.api.urls")),
    path(ONE + "metrics/", metrics.metrics, name="metrics"),
    path(ONE + "responses/", responses.responses, name="responses"),
    path(ONE + "responses.csv", responses.export, name="responses_csv"),
    path(ONE + "numbers/", soon, name="numbers"),
    path(W + "rejects/", soon, name="rejects"),
]
