"""Every request gets an id, given back in `X-Request-ID` and written on every line that is logged meanwhile."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponseBase

log = structlog.get_logger("earshot.request")
GIVEN = re.compile(r"[A-Za-z0-9_-]{8,64}")
QUIET = {"/healthz", "/readyz"}


class RequestLogMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if GIVEN.fullmatch(given) else uuid.uuid4().hex
        started = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        response = self.get_response(request)
        response["X-Request-ID"] = request_id
        served_file = request.resolver_match is None and response.status_code < 400
        if request.path_info not in QUIET and not served_file:
            log.info(
                "request",
                method=request.method,
                route=route_of(request),
                status=response.status_code,
                milliseconds=round((time.perf_counter() - started) * 1000, 1),
            )
        return response


def route_of(request: HttpRequest) -> str:
    """The address's pattern and not the address, in which delivery ids and the like may stand."""
    match = request.resolver_match
    return match.route if match is not None and match.route else "(none)"
