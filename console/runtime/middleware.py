from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.gzip import GZipMiddleware

from console.runtime.static_files import static_response


class StaticFilesMiddleware:
    """Static files under a WSGI server. Our own web server answers them before Django."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(settings.STATIC_URL):
            headers = {name.lower(): value for name, value in request.headers.items()}
            found = static_response(str(request.method), request.path_info, headers)
            if found is not None:
                return HttpResponse(found[2], status=found[0], headers=found[1])
        return self.get_response(request)


class PageCompressionMiddleware(GZipMiddleware):
    """Compresses pages, and nothing that an API answers: its clients are small, and so are its answers."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not response.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)
