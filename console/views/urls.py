from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from console.views.problems import problems

app_name = "console"


def soon(request: HttpRequest) -> HttpResponse:
    return render(request, "console/dashboard.html")


W = "w/<slug:workspace>/"
urlpatterns = [
    path("", soon, name="home"),
    path("problems/", problems, name="problems"),
    path("workspaces/new/", soon, name="workspace_new"),
    path(W, soon, name="dashboard"),
    path(W + "members/", soon, name="members"),
    path(W + "keys/", soon, name="keys"),
    path(W + "audit/", soon, name="audit"),
    path(W + "settings/", soon, name="settings"),
]
