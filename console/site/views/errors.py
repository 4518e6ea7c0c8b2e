"""What people see, and machines read, when a request fails before or outside a view."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from console.accounts.middleware import of_a_script, session_ended
from console.common import problems


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if problems.wants_problem(request):
        if isinstance(exception, RequestDataTooBig):
            return problems.answer(413, detail="Send less in one request.")
        return problems.answer(400, detail="The request was refused.")
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if problems.wants_problem(request):
        return problems.answer(403)
    return render(request, "403.html", {"reason": str(exception or "")}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if problems.wants_problem(request):
        return problems.answer(404, detail="There is nothing at this address.")
    return render(request, "404.html", status=404)


def crashed(request: HttpRequest) -> HttpResponse:
    """No context processors: whatever broke may break again."""
    if problems.wants_problem(request):
        return problems.answer(500, detail="It is in the log. Send the request again later.")
    return HttpResponse(render(None, "500.html").content, status=500)


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    if of_a_script(request):
        return session_ended()  # the cookies are gone, or another session's
    return render(request, "403_csrf.html", status=403)
