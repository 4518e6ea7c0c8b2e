"""The queue, as public in-app clients ask for it."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from django.conf import settings
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import AuthenticationFailed, NotFound, ParseError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from console.auth import WriteKeyAuthentication
from console.models import Workspace
from messaging.errors import BadDelivery
from messaging.services import queue, signing
from messaging.tokens import read_token

POLL_SECONDS = 10
LONGEST_ID = 150


def _header(name: str, description: str, required: bool = False) -> OpenApiParameter:
    return OpenApiParameter(name, OpenApiTypes.STR, OpenApiParameter.HEADER, required, description)


KEY = _header("X-CIO-Site-Id", "The write key.", required=True)


class MessageSerializer(serializers.Serializer[Any]):
    messageId = serializers.CharField()  # noqa: N815 - the wire's names
    queueId = serializers.CharField(help_text="The delivery's id.")  # noqa: N815
    priority = serializers.IntegerField(help_text="The lowest is shown first.")
    properties = serializers.JSONField(help_text="`gist`: campaignId (the delivery's id) and how to show it.")


class QueueSerializer(serializers.Serializer[Any]):
    inAppMessages = MessageSerializer(many=True)  # noqa: N815
    inboxMessages = serializers.ListField(child=serializers.JSONField(), help_text="Always empty.")  # noqa: N815


class QueueView(APIView):
    authentication_classes = [WriteKeyAuthentication]

    @extend_schema(
        operation_id="queue_fetch",
        summary="What waits for a person",
        request=OpenApiTypes.OBJECT,
        responses={200: QueueSerializer},
        parameters=[
            KEY,
            OpenApiParameter("sessionId", OpenApiTypes.STR),
            _header("X-Gist-Encoded-User-Token", "The person's id (anonymous: the browser's), base64."),
            _header("X-Gist-User-Anonymous", "`true` for somebody not known yet."),
            _header("X-Earshot-Signature", "Hex HMAC-SHA256 of the id, where the workspace asks for signed people."),
        ],
    )
    def post(self, request: Request) -> Response:
        workspace = _workspace(request)
        who = _who(request)
        anonymous = request.headers.get("X-Gist-User-Anonymous", "").lower() == "true"
        if who is None:
            found = []
        elif anonymous:
            found = queue.offers(workspace, anonymous_id=who)
        else:
            _check_signature(request, workspace, who)
            found = queue.offers(workspace, user_id=who)
        live = "true" if settings.LIVE_URL and not anonymous else "false"
        return Response(
            {"inAppMessages": [_message(offer) for offer in found], "inboxMessages": []},
            headers={"X-Gist-Queue-Polling-Interval": str(POLL_SECONDS), "X-CIO-Use-SSE": live},
        )


class QueueLogView(APIView):
    authentication_classes = [WriteKeyAuthentication]

    @extend_schema(
        operation_id="queue_log", summary="A message was seen: do not offer it again", request=OpenApiTypes.OBJECT,
        responses={200: OpenApiTypes.OBJECT}, parameters=[KEY],
    )  # fmt: skip
    def post(self, request: Request, queue_id: str) -> Response:
        try:
            ref = read_token(queue_id)
        except BadDelivery:
            raise NotFound("No such delivery.") from None
        if ref.workspace_id != _workspace(request).pk or not queue.leave(ref):
            raise NotFound("No such delivery.")
        return Response({})


class MessageLogView(APIView):
    authentication_classes = [WriteKeyAuthentication]

    @extend_schema(
        operation_id="message_log", summary="A message outside the queue was seen (nothing is kept)",
        request=OpenApiTypes.OBJECT, responses={200: OpenApiTypes.OBJECT}, parameters=[KEY],
    )  # fmt: skip
    def post(self, request: Request, message_id: str) -> Response:
        return Response({})


def _workspace(request: Request) -> Workspace:
    key: Any = request.auth
    found: Workspace = key.workspace
    return found


def _who(request: Request) -> str | None:
    encoded = request.headers.get("X-Gist-Encoded-User-Token", "").strip()
    if not encoded:
        return None
    try:
        who = base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True).decode()
    except (binascii.Error, ValueError):
        raise ParseError("X-Gist-Encoded-User-Token is not the base64 of an id.") from None
    if not who or len(who) > LONGEST_ID or "\x00" in who:
        raise ParseError(f"The id in X-Gist-Encoded-User-Token must have 1 to {LONGEST_ID} characters.")
    return who


def _check_signature(request: Request, workspace: Workspace, who: str) -> None:
    if workspace.signed_people_only and not signing.signed(
        workspace, who, request.headers.get("X-Earshot-Signature", "")
    ):
        raise AuthenticationFailed(
            "This workspace gives queues only to signed people: send X-Earshot-Signature, made by your server."
        )


def _message(offer: queue.Offer) -> dict[str, Any]:
    return {
        "messageId": str(offer.message_id),
        "queueId": offer.token,
        "priority": offer.priority,
        "properties": {"gist": {"campaignId": offer.token, **offer.display}},
    }
