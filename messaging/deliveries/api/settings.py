"""What the public browser client asks before it starts."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings as conf
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from console.accounts.models import KeyKind
from console.accounts.services import keys

LOOPBACK = {"localhost", "127.0.0.1"}


class SettingsView(APIView):
    authentication_classes = []
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="client_settings",
        summary="Settings of the browser client with this write key",
        auth=[],
        responses={200: OpenApiTypes.OBJECT},
    )
    def get(self, request: Request, key: str) -> Response:
        if keys.find(key, KeyKind.WRITE) is None:
            raise NotFound("No such write key.")
        return Response(_settings(key, request.build_absolute_uri("/")))


def _settings(key: str, base: str) -> dict[str, Any]:
    url = urlsplit(base)
    in_app: dict[str, Any] = {"siteId": key, "anonymousInApp": True}
    if url.hostname in LOOPBACK:
        in_app["_env"] = "local"  # that client's only way to hosts of one's own
    return {
        "integrations": {
            "Customer.io Data Pipelines": {
                "apiKey": key,
                "apiHost": f"{url.netloc}/v1",
                "protocol": url.scheme,
                "addBundledMetadata": True,
            },
            "Segment.io": {  # the same, for Segment's own client
                "apiKey": key,
                "apiHost": f"{url.netloc}/v1",
                "protocol": url.scheme,
                "addBundledMetadata": True,
            },
            "Customer.io In-App Plugin": in_app,
        },
        "liveUrl": (conf.LIVE_URL or base).rstrip("/"),  # where our own SDK listens for messages
        "plan": {"track": {"__default": {"enabled": True}}},
        "metrics": {"sampleRate": 0},
        "enabledMiddleware": {},
        "remotePlugins": [],
    }
