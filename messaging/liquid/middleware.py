from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render

from messaging.errors import Busy

RETRY_AFTER = 5  # seconds


class BusyMiddleware:
    """Busy -> 503: as a page, or as JSON for the editor's script."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Busy):
            return None
        headers = {"Retry-After": str(RETRY_AFTER)}
        if request.content_type == "application/json":
            told = {"errors": [{"where": "", "field": "", "text": str(exception)}]}
            return JsonResponse(told, status=503, headers=headers)
        response = render(request, "503.html", {"why": str(exception)}, status=503)
        response["Retry-After"] = headers["Retry-After"]
        return response
