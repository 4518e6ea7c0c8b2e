"""The page that draws a message, in a frame of anybody's page. It holds no data: content comes by a delivery token."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

# Author HTML is sanitised when it is rendered; this holds even if that failed: nothing inline runs or is styled,
# nothing is submitted, and the page talks to its own origin only. `sandbox` is the framing page's to set, since
# public clients accept messages by origin, which a sandboxed page has not.
POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src http: https: data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors *",
    ]
)


@require_safe
@xframe_options_exempt
@cache_control(public=True, max_age=300)
def page(request: HttpRequest) -> HttpResponse:
    response = render(request, "renderer/index.html")
    response["Content-Security-Policy"] = POLICY
    response["X-Robots-Tag"] = "noindex"
    return response
