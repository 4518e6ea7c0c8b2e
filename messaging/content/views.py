"""The pages that draw a message: one in a frame of anybody's page, one in the editor. They hold no data.

The first takes a delivery token and fetches its content; the second takes a draft that the editor hands over, and
nothing from anybody else.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from messaging import blocks
from messaging.common import safety

# Author HTML is sanitised before it gets here, and on drawing; this holds even if both failed. Scripts are the page's
# own tags and what they import: no other file of this origin runs here, htmx least of all. They are named by a nonce,
# since a proxy may give the page another host; so only the reader's own browser may keep the page.
POLICY = (
    "default-src 'none'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src http: https:",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types dompurify",
)
# Public clients believe a message by its origin, so the page that they frame must keep its own.
IN_ANY_PAGE = "allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox"
IN_THE_EDITOR = "allow-scripts"


@require_safe
@xframe_options_exempt
@cache_control(private=True, max_age=300)
def page(request: HttpRequest) -> HttpResponse:
    return _drawn(request, sandbox=IN_ANY_PAGE)


@require_safe
@xframe_options_exempt
@cache_control(private=True, max_age=300)
def preview(request: HttpRequest) -> HttpResponse:
    return _drawn(request, ancestors="'self'", sandbox=IN_THE_EDITOR, preview=True)


def _drawn(request: HttpRequest, *, sandbox: str, ancestors: str = "", preview: bool = False) -> HttpResponse:
    nonce = secrets.token_urlsafe(18)
    context: dict[str, Any] = {"rules": safety.RULES, "kinds": list(blocks.KINDS), "preview": preview}
    context["csp_nonce"] = nonce
    response = render(request, "renderer/index.html", context)
    policy = [*POLICY, f"script-src 'nonce-{nonce}'", f"sandbox {sandbox}"]
    if ancestors:  # `*` would leave out pages that are files, apps made of pages, and sandboxed frames
        policy.append(f"frame-ancestors {ancestors}")
    response["Content-Security-Policy"] = "; ".join(policy)
    # Pages that are isolated frame only what says that it may be framed so; images of others need not say it.
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Cross-Origin-Embedder-Policy"] = "credentialless"
    response["X-Robots-Tag"] = "noindex"
    return response
