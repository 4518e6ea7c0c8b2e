from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from benchmarks.reference.models import PlainDelivery, PlainEvent


class TrackSerializer(serializers.ModelSerializer[PlainEvent]):
    messageId = serializers.CharField(source="message_id", max_length=100)  # noqa: N815
    userId = serializers.CharField(source="user_id", allow_null=True)  # noqa: N815

    class Meta:
        model = PlainEvent
        fields = ["messageId", "event", "userId", "properties", "timestamp"]


class Track(APIView):
    def post(self, request: Request) -> Response:
        serializer = TrackSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        serializer.save(workspace_id=1)
        return Response({"success": True})


def queue(request: HttpRequest) -> JsonResponse:
    token = request.headers["X-Gist-Encoded-User-Token"]
    return JsonResponse({"inAppMessages": list(PlainDelivery.objects.filter(user=token).values("id", "content")[:10])})


urlpatterns = [path("track", Track.as_view()), path("queue", queue)]
