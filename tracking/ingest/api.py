"""The API's face of the ingest line: what `/v1/track` and its sisters take and give.

Under the ASGI server the posts go through `tracking.ingest.fast_handler`, which has the same steps; under WSGI, and
for the schema and the browsable documentation, they come here.
"""

from __future__ import annotations

from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse, HttpResponseBase
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiRequest, extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.views import APIView

from tracking.ingest import line
from tracking.ingest.acknowledge import unreachable
from tracking.ingest.parse import MAX_REQUEST
from tracking.ingest.shapes import SHAPES, AnswerShape, ProblemShape
from tracking.ingest.values import IngestRequest, IngestResponse

STRICT = OpenApiParameter(
    "X-Strict-Mode",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="1: a request with any refused item is answered with 400 (401 for keys). Its valid items are kept.",
    enum=["1"],
)


class IngestView(APIView):
    """One kind of call. The key is in Basic (as the user), in Bearer, or in the body as `writeKey`."""

    authentication_classes = ()
    permission_classes = ()
    kind = ""

    def post(self, request: Request) -> HttpResponseBase:
        # Neither DRF's parsers nor Django's body: text/plain is JSON here, and the size is bounded while reading.
        body = request._request.read(MAX_REQUEST + 1)
        ingest_request = IngestRequest(
            kind=line.KINDS[self.kind],
            body=body,
            received_at=timezone.now(),
            authorization=request.headers.get("Authorization", ""),
            encoding=request.headers.get("Content-Encoding", ""),
            strict=request.headers.get("X-Strict-Mode") == "1",
        )
        try:
            return _respond(line.run(ingest_request))
        except (OperationalError, InterfaceError):
            return _respond(unreachable())


def _respond(answer: IngestResponse) -> HttpResponse:
    return HttpResponse(
        answer.body, status=answer.status, content_type=answer.content_type, headers=dict(answer.headers)
    )


def view_of(kind: str, *, told: bool = True) -> Any:
    """The view of one kind of call, with its shape in the schema (where it is `told`)."""
    shape = SHAPES[kind]
    view: type[IngestView] = type(f"{kind.capitalize()}View", (IngestView,), {"kind": kind, "__doc__": shape.__doc__})
    described = extend_schema(
        operation_id=f"ingest_{kind}",
        tags=["ingest"],
        request={"application/json": OpenApiRequest(shape), "text/plain": OpenApiRequest(shape)},
        parameters=[STRICT],
        responses={
            200: AnswerShape,
            (400, "application/problem+json"): ProblemShape,
            (401, "application/problem+json"): ProblemShape,
            (429, "application/problem+json"): ProblemShape,
            (503, "application/problem+json"): ProblemShape,
        },
        auth=[],
        exclude=not told,
    )
    return extend_schema_view(post=described)(view).as_view()
