"""Who may do what. The middleware puts `workspace` and `role` on the request and denies
writing to viewers; `needs` raises the bar of one view."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django_htmx.middleware import HtmxDetails

from console.accounts.models import Role, User, Workspace

P = ParamSpec("P")


class WorkspaceRequest(HttpRequest):
    """A request under /w/<slug>/: signed in, a member, and the role known."""

    user: User
    workspace: Workspace
    role: Role
    htmx: HtmxDetails


View = Callable[Concatenate[WorkspaceRequest, P], HttpResponseBase]


def needs(role: Role) -> Callable[[View[P]], View[P]]:
    """Refuse (403) whoever has less than `role`, for every method of the view."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: WorkspaceRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if request.role.rank < role.rank:
                raise PermissionDenied(f"This needs the role {role.label.lower()}.")
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def may_write(request: Any) -> bool:
    return bool(request.role.rank >= Role.AUTHOR.rank)
