from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

app_name = "tracking"


def soon(request: HttpRequest, kind: str = "", pk: int = 0) -> HttpResponse:
    return HttpResponse("soon")


W = "w/<slug:workspace>/"
urlpatterns = [
    path("v1/", include("tracking.api.urls")),
    path(W + "<str:kind>/<int:pk>/metrics/", soon, name="metrics"),
    path(W + "<str:kind>/<int:pk>/numbers/", soon, name="numbers"),
    path(W + "rejects/", soon, name="rejects"),
]
