from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from csp.decorators import csp_replace
from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse

from console.accounts.models import Membership, Role

SAFE = {"GET", "HEAD", "OPTIONS"}
V = TypeVar("V", bound=Callable[..., HttpResponseBase])


def of_a_script(request: HttpRequest) -> bool:
    """htmx or the editor asks, who cannot show a person the sign-in page."""
    return request.content_type == "application/json" or "HX-Request" in request.headers


def session_ended() -> JsonResponse:
    """For scripts; static/js says it and offers to sign in again."""
    told = "Your session has ended: sign in again."
    return JsonResponse({"errors": [{"where": "", "field": "", "text": told}]}, status=401)


def only_reads(view: V) -> V:
    """A view that is asked by POST because what it is asked is long, and that writes nothing: viewers may ask it."""
    view.only_reads = True  # type: ignore[attr-defined]
    return view


class WorkspaceMiddleware:
    """/w/<slug>/ -> request.workspace, request.role. A stranger sees 404; a viewer may not write."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: Any, view: Any, args: Any, kwargs: dict[str, Any]) -> HttpResponseBase | None:
        if not request.path_info.startswith("/w/"):
            return None
        if not request.user.is_authenticated:
            return session_ended() if of_a_script(request) else redirect_to_login(request.get_full_path())
        found = (
            Membership.objects.select_related("workspace")
            .filter(workspace__slug=kwargs.pop("workspace"), user=request.user)
            .first()
        )
        if found is None:
            raise Http404("No such workspace, or you are not a member of it.")
        request.workspace, request.role = found.workspace, Role(found.role)
        reads = request.method in SAFE or getattr(view, "only_reads", False)
        if not reads and request.role.rank < Role.AUTHOR.rank:
            raise PermissionDenied("Viewers may look at everything and change nothing.")
        return None


def policy(directives: dict[str, list[str]]) -> Callable[[V], V]:
    """The view's page has these directives in place of those of settings."""
    decorate: Callable[[Any], Any] = csp_replace(directives)

    def typed(view: V) -> V:
        return cast("V", decorate(view))

    return typed


FOREIGN = {"/admin/": ["'self'"], "/api/docs/": ["'self'"]}
"""Pages of packages, whose script tags carry no nonce."""


class NoStoreMiddleware:
    """What somebody who is signed in sees, and every page of signing in, is kept by no cache and no browser."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        cookies = (settings.SESSION_COOKIE_NAME in request.COOKIES, settings.SESSION_COOKIE_NAME in response.cookies)
        if any(cookies) or request.path_info.startswith(("/accounts/", "/invitations/")):
            response["Cache-Control"] = "no-store"
        return response


class PolicyMiddleware(CSPMiddleware):
    """The Content-Security-Policy of settings, with what the pages of packages need."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        for prefix, scripts in FOREIGN.items():
            if request.path_info.startswith(prefix):
                parts.replace = {**(parts.replace or {}), "script-src": scripts}
        return parts
