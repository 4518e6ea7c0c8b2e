"""Pages that would send an e-mail, where no mail is set up: they say so, and how it is done without."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

View = Callable[..., HttpResponseBase]


def needs_mail(view: View) -> View:
    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs) if settings.MAIL_IS_SET_UP else no_mail(request)

    return answered


def no_mail(request: HttpRequest) -> HttpResponse:
    return render(request, "account/no_mail.html", status=200 if request.method in ("GET", "HEAD") else 409)
