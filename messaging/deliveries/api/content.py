"""The content of one delivery, for the renderer page. The delivery's id is the proof."""

from __future__ import annotations

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from messaging.deliveries.services import delivery_content, next_message
from messaging.deliveries.tokens import read_token
from messaging.errors import BadDelivery, BadTemplate


class ContentView(APIView):
    authentication_classes = []
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="content",
        summary="What a delivery shows, all variables resolved",
        auth=[],
        responses={200: OpenApiTypes.OBJECT},
    )
    def get(self, request: Request, token: str) -> Response:
        try:
            ref = read_token(token)
            content = next_message.with_next(ref, delivery_content.show(ref))
        except (BadDelivery, BadTemplate):
            content = None
        if content is None:
            raise NotFound("There is no such message, or it is not shown any more.")
        return Response(content, headers={"Cache-Control": "private, no-store"})
