"""The queue, as public in-app clients ask for it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from console.accounts.auth import WriteKeyAuthentication
from console.accounts.models import ApiKey
from console.accounts.services import keys
from messaging.deliveries.api import queue_requests
from messaging.deliveries.services import queue
from messaging.deliveries.tokens import read_token
from messaging.errors import BadDelivery


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
        holder = keys.holder_of(_key(request))
        who = queue_requests.who(request.headers.get("X-Gist-Encoded-User-Token", ""))
        anonymous = request.headers.get("X-Gist-User-Anonymous", "").lower() == "true"
        if who is not None and not anonymous:
            queue_requests.check_signature(holder, who, request.headers.get("X-Earshot-Signature", ""))
        found = queue.offers(queue_requests.ask(holder.workspace_id, who, anonymous)) if who is not None else []
        return Response(queue_requests.body(found), headers=dict(queue_requests.headers(anonymous)))


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
        if ref.workspace_id != _key(request).workspace_id or not queue.leave(ref):
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


def _key(request: Request) -> ApiKey:
    key: Any = request.auth
    found: ApiKey = key
    return found
