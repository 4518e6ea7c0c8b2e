from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from messaging.api import urls as api
from messaging.views import renderer, sending_urls

app_name = "messaging"


def soon(request: HttpRequest, pk: int = 0) -> HttpResponse:
    return HttpResponse("soon")


W = "w/<slug:workspace>/"
urlpatterns = [
    path(f"{W}{noun}/{tail}", soon, name=name)
    for noun, one in [
        ("messages", "message"),
    ]
    for tail, name in [("", noun), ("<int:pk>/", one)]
]
urlpatterns += sending_urls.urlpatterns
urlpatterns += api.urlpatterns
urlpatterns += [path("renderer/index.html", renderer.page, name="renderer")]
