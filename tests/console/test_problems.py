from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.core.exceptions import ValidationError as ModelInvalid
from django.http import Http404
from django.test import Client
from rest_framework import exceptions, serializers

from console.accounts.models import Workspace
from console.common.errors import Conflict
from console.common.problems import TITLES, handler
from console.site.views.problems import ADVICE
from messaging.errors import BadContent
from tracking.ingest.rejection_codes import RejectionCode


def told(exc: Exception) -> dict[str, Any]:
    answer = handler(exc, {})
    assert answer is not None
    assert answer.content_type == "application/problem+json"
    assert answer.data["status"] == answer.status_code
    assert answer.data["code"] in TITLES
    assert answer.data["type"] == f"/problems/#{answer.data['code']}"
    return dict(answer.data)


class Colours(serializers.Serializer[Any]):
    colour = serializers.ChoiceField(["red"])
    shades = serializers.ListField(child=serializers.IntegerField())


@pytest.mark.parametrize(
    ("exc", "status", "code"),
    [
        (exceptions.ParseError(), 400, "bad_request"),
        (exceptions.NotAuthenticated(), 401, "no_key"),
        (exceptions.AuthenticationFailed(), 401, "unknown_key"),
        (exceptions.PermissionDenied(), 403, "forbidden"),
        (PermissionDenied("no"), 403, "forbidden"),
        (Http404("none"), 404, "not_found"),
        (exceptions.NotFound(), 404, "not_found"),
        (exceptions.MethodNotAllowed("PUT"), 405, "method_not_allowed"),
        (exceptions.NotAcceptable(), 406, "not_acceptable"),
        (Conflict("It is finished."), 409, "conflict"),
        (RequestDataTooBig(), 413, "too_large"),
        (exceptions.UnsupportedMediaType("text/evil"), 415, "unsupported_media_type"),
        (exceptions.ValidationError({"a": "b"}), 422, "invalid"),
        (exceptions.Throttled(wait=7), 429, "too_many_requests"),
    ],
)
def test_every_exception_has_a_status_and_a_code(exc: Exception, status: int, code: str) -> None:
    body = told(exc)
    assert (body["status"], body["code"]) == (status, code)


def test_a_throttled_request_is_told_when_to_come_back() -> None:
    answer = handler(exceptions.Throttled(wait=7), {})
    assert answer is not None
    assert answer["Retry-After"] == "7"


def test_fields_are_named_by_pointers_and_input_is_not_echoed() -> None:
    serializer = Colours(data={"colour": "<evil>", "shades": [1, "<evil>"]})
    with pytest.raises(exceptions.ValidationError) as raised:
        serializer.is_valid(raise_exception=True)
    body = told(raised.value)
    assert [e["pointer"] for e in body["errors"]] == ["/colour", "/shades/1"]
    assert "evil" not in json.dumps(body)


def test_an_error_of_the_whole_body_has_an_empty_pointer() -> None:
    body = told(exceptions.ValidationError({"non_field_errors": ["No."], "a/b": ["No."]}))
    assert [e["pointer"] for e in body["errors"]] == ["", "/a~1b"]


def test_a_models_validation_is_told_without_its_input() -> None:
    with pytest.raises(ModelInvalid) as raised:
        Workspace(name="x", slug="<evil>", retention_days=3).full_clean(validate_unique=False)
    body = told(raised.value)
    assert {e["pointer"] for e in body["errors"]} == {"/slug", "/retention_days"}
    assert "evil" not in json.dumps(body)


def test_content_that_cannot_be_read_names_its_places() -> None:
    assert told(BadContent([("/steps/0", "is missing an id")]))["errors"] == [
        {"pointer": "/steps/0", "code": "invalid", "detail": "is missing an id"}
    ]


def test_what_nobody_expected_is_left_to_django() -> None:
    assert handler(RuntimeError("secret"), {}) is None


@pytest.mark.parametrize("path", ["/v1/nothing-here", "/api/nothing/here"])
@pytest.mark.django_db
def test_an_unknown_address_of_the_api_is_a_problem(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "not_found"


@pytest.mark.django_db
def test_an_unknown_page_is_a_page(client: Client) -> None:
    answer = client.get("/nothing-here/")
    assert answer.status_code == 404
    assert b"There is nothing here" in answer.content


@pytest.mark.django_db
def test_a_crash_of_the_api_says_no_more_than_that(monkeypatch: pytest.MonkeyPatch) -> None:
    from drf_spectacular.views import SpectacularAPIView

    def crash(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("a secret")

    monkeypatch.setattr(SpectacularAPIView, "get", crash)
    answer = Client(raise_request_exception=False).get("/api/schema/")
    assert answer.status_code == 500
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "server_error"
    assert b"secret" not in answer.content


def test_a_crash_of_a_page_is_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    import console.site.views.problems as module

    monkeypatch.setattr(module, "ADVICE", {})
    answer = Client(raise_request_exception=False).get("/problems/")
    assert answer.status_code == 500
    assert b"Something broke on our side" in answer.content


@pytest.mark.django_db
def test_every_code_is_explained_on_its_page_and_in_the_docs(client: Client) -> None:
    page = client.get("/problems/").content.decode()
    docs = Path("docs/problems.md").read_text()
    codes = set(re.findall(r'id="([a-z_]+)"><code>', page))
    assert codes == {*TITLES, *(code.value for code in RejectionCode)}
    assert set(TITLES) == set(ADVICE)
    assert all(f"| `{code}` |" in docs for code in TITLES)


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused_in_words() -> None:
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "x"})
    assert answer.status_code == 403
    assert b"This form has grown old" in answer.content
