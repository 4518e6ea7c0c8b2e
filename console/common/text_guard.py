"""Refuses requests whose text cannot be kept: in an encoding that is none, or with the NUL character in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.defaults import bad_request

CHARSETS = frozenset({"utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "latin-1", "windows-1252"})
log = structlog.get_logger()


class TextGuardMiddleware:
    """Forms name the field with NUL in it; where no form looked, the answer is 400, and for a path 404."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        charset = str((request.content_params or {}).get("charset", "utf-8")).strip("\"' ").lower()
        if charset not in CHARSETS:
            return HttpResponse("Send text as UTF-8.", status=415, content_type="text/plain; charset=utf-8")
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]) -> None:
        if "\0" in request.path_info:
            raise Http404

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """What no view looked at and the database cannot keep: the fault is the request's, and nothing was changed."""
        if not isinstance(exception, DataError):
            return None
        log.warning("request.value_not_kept", error=str(exception).partition("\n")[0])
        return bad_request(request, exception)
