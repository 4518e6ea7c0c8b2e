"""The numbers of the metrics page, for programs: GET /api/metrics/<broadcasts|campaigns>/<id>?range=7."""

from __future__ import annotations

from typing import Any, cast

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from console.accounts.models import ApiKey
from tracking.metrics import ranges
from tracking.metrics.definitions import DEFINITIONS
from tracking.metrics.report import report
from tracking.metrics.tracked import Question
from tracking.metrics.views.sources import source_of


def _whole(key: str) -> serializers.IntegerField:
    return serializers.IntegerField(help_text=DEFINITIONS[key].text)


def _part(key: str) -> serializers.FloatField:
    return serializers.FloatField(allow_null=True, help_text=f"{DEFINITIONS[key].text} Null: nothing to divide by.")


class TrackedResponseSerializer(serializers.Serializer[Any]):
    action_id = serializers.CharField()
    name = serializers.CharField(help_text="The resolved name; with `varies`, the template.")
    value = serializers.CharField(help_text="The answer an option of a rating or choice stands for.")
    total = _whole("responses")
    people = serializers.IntegerField(allow_null=True, help_text=DEFINITIONS["respondents"].text)
    rate = _part("rate")
    share = _part("share")
    dismissal = serializers.BooleanField()
    varies = serializers.BooleanField()
    note = serializers.CharField(help_text="What became of the action since, or empty.")
    question = serializers.CharField(help_text="The question whose option it is, or empty.")


class MessageMetricsSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    openers = _whole("openers")
    total = _whole("responses")
    people = _whole("respondents")
    rate = _part("rate")
    tracked_responses = TrackedResponseSerializer(many=True)


class MetricsSerializer(serializers.Serializer[Any]):
    range = serializers.CharField()
    since = serializers.DateField(allow_null=True)
    until = serializers.DateField(allow_null=True)
    time_zone = serializers.CharField()
    sent = _whole("sent")
    opened = _whole("opened")
    openers = _whole("openers")
    open_rate = _part("open_rate")
    clicked = _whole("clicked")
    click_rate = _part("click_rate")
    dismissed = serializers.DictField(child=serializers.IntegerField(), help_text=DEFINITIONS["dismissed"].text)
    responses = _whole("responses")
    answers = _whole("answers")
    respondents = _whole("respondents")
    response_rate = _part("rate")
    messages = MessageMetricsSerializer(many=True)


class MetricsView(APIView):
    @extend_schema(
        operation_id="metrics",
        tags=["metrics"],
        parameters=[
            OpenApiParameter("kind", str, OpenApiParameter.PATH, enum=["broadcasts", "campaigns"]),
            OpenApiParameter("range", str, enum=list(ranges.LABELS)),
            OpenApiParameter("since", str, description="The first UTC day, as 2026-11-24."),
            OpenApiParameter("until", str, description="The last UTC day, as 2026-11-24."),
        ],
        responses=MetricsSerializer,
    )
    def get(self, request: Request, kind: str, pk: int) -> Response:
        """The numbers of one broadcast or campaign, exact at this moment."""
        source = source_of(cast("ApiKey", request.auth).workspace, kind, pk)
        try:
            days = ranges.read(request.query_params.dict(), timezone.now().date())
        except ranges.BadRange as error:
            raise ValidationError({error.field: [str(error)]}) from error
        found = report(source, days)
        messages = [
            {
                "id": message.id,
                "name": message.name,
                "openers": message.openers,
                "total": message.total,
                "people": message.people,
                "rate": message.rate,
                "tracked_responses": [row for entry in message.entries for row in _rows(entry)],
            }
            for message in found.messages
        ]
        said = {"range": days.name, "since": days.since, "until": days.until, "time_zone": "UTC", "messages": messages}
        rest = {name: getattr(found, name) for name in MetricsSerializer._declared_fields if name not in said}
        return Response(MetricsSerializer(said | rest).data)


def _rows(entry: Any) -> list[dict[str, Any]]:
    rows, question = (entry.rows, entry.title) if isinstance(entry, Question) else ((entry,), "")
    names = [name for name in TrackedResponseSerializer._declared_fields if name != "question"]
    return [{name: getattr(row, name) for name in names} | {"question": question} for row in rows]
