"""Any exception of the API -> problem details (RFC 9457). docs/problems.md explains the codes to people.

No answer repeats what was sent: input is kept out of logs and pages that show errors.
"""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.core.exceptions import ValidationError as ModelInvalid
from django.http import HttpRequest, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import exception_handler

from console.common.errors import DomainError, Invalid

MEDIA_TYPE = "application/problem+json"

# Every code there is, and its title. Stable: clients switch on it.
TITLES = {
    "bad_request": "The request cannot be read",
    "no_key": "A key is needed",
    "unknown_key": "The key is not valid",
    "forbidden": "Not allowed",
    "not_found": "Not found",
    "method_not_allowed": "This address does not take that method",
    "not_acceptable": "No such format",
    "conflict": "Not possible in the present state",
    "too_large": "The request is too large",
    "unsupported_media_type": "This content type is not read here",
    "invalid": "Some fields are not right",
    "too_many_requests": "Too many requests",
    "busy": "Too much at this moment",
    "server_error": "Something broke on our side",
}
CODE_OF_STATUS = {
    400: "bad_request",
    401: "unknown_key",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    409: "conflict",
    413: "too_large",
    415: "unsupported_media_type",
    422: "invalid",
    429: "too_many_requests",
}
# What the framework says of these would repeat the input.
PLAIN = {
    "invalid_choice": "This is not one of the choices.",
    "does_not_exist": "There is no such object in this workspace.",
    "no_match": "This address is not one of ours.",
    "incorrect_match": "This address is not one of ours.",
    "unsupported_media_type": "Send application/json.",
}


def handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """None for what nobody expected: Django logs it and answers through handler500."""
    headers: dict[str, str] = {}
    if isinstance(exc, exceptions.ValidationError):
        status, code, detail, errors = 422, "invalid", "", list(_fields(exc.detail, ""))
    elif isinstance(exc, ModelInvalid):
        status, code, detail, errors = 422, "invalid", "", list(_model_fields(exc))
    elif isinstance(exc, DomainError):
        errors = [_error(at, exc.code, what) for at, what in exc.errors] if isinstance(exc, Invalid) else []
        status, code, detail = exc.status, exc.code, "" if errors else str(exc)
    elif isinstance(exc, RequestDataTooBig):
        status, code, detail, errors = 413, "too_large", "Send less in one request.", []
    elif isinstance(exc, SuspiciousOperation):
        status, code, detail, errors = 400, "bad_request", "The request was refused.", []
    else:
        answer = exception_handler(exc, context)
        if answer is None:
            return None
        status, errors = answer.status_code, []
        headers = {name: answer[name] for name in ("Retry-After", "WWW-Authenticate") if answer.has_header(name)}
        code, detail = _code(exc, status), _detail(exc, answer)
    body = problem(status, code, detail, errors)
    return Response(body, status=status, headers=headers, content_type=MEDIA_TYPE)


def problem(
    status: int, code: str = "", detail: str = "", errors: list[dict[str, str]] | None = None
) -> dict[str, Any]:
    """The body. `type` is an address of this server, where docs say what the code means."""
    code = code or CODE_OF_STATUS.get(status, "bad_request" if status < 500 else "server_error")
    body: dict[str, Any] = {
        "type": f"/problems/#{code}",
        "title": TITLES.get(code) or HTTPStatus(status).phrase,
        "status": status,
        "code": code,
    }
    if errors and not detail:
        detail = "Mend the fields listed in errors and send it again. Nothing was changed."
    if detail:
        body["detail"] = detail
    if errors:
        body["errors"] = errors
    return body


def answer(status: int, code: str = "", detail: str = "") -> JsonResponse:
    """A problem from outside the API's views: an unknown address, a crash."""
    return JsonResponse(problem(status, code, detail), status=status, content_type=MEDIA_TYPE)


def wants_problem(request: HttpRequest) -> bool:
    return request.path_info.startswith(("/v1/", "/api/", "/renderer/content/"))


def _code(exc: Exception, status: int) -> str:
    if isinstance(exc, exceptions.NotAuthenticated):
        return "no_key"
    return CODE_OF_STATUS.get(status, "bad_request" if status < 500 else "server_error")


def _detail(exc: Exception, answer: Response) -> str:
    if isinstance(exc, exceptions.APIException):
        codes = exc.get_codes()
        if isinstance(codes, str) and codes in PLAIN:
            return PLAIN[codes]
    data = answer.data
    return str(data.get("detail", "")) if isinstance(data, dict) else ""


def _fields(detail: Any, pointer: str) -> Iterator[dict[str, str]]:
    """Serializer errors, however nested, as a flat list with JSON pointers."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            own = str(name) == api_settings.NON_FIELD_ERRORS_KEY
            yield from _fields(inner, pointer if own else f"{pointer}/{_escape(name)}")
    elif isinstance(detail, list):
        for number, inner in enumerate(detail):
            yield from _fields(inner, pointer if isinstance(inner, str) else f"{pointer}/{number}")
    else:
        code = str(getattr(detail, "code", "invalid"))
        yield _error(pointer, code, PLAIN.get(code, str(detail)))


def _model_fields(exc: ModelInvalid) -> Iterator[dict[str, str]]:
    """Django's own ValidationError, of a model or a form."""
    by_field = exc.error_dict if hasattr(exc, "error_dict") else {"__all__": exc.error_list}
    for name, errors in by_field.items():
        for error in errors:
            code = str(error.code or "invalid")
            echoes = isinstance(error.params, dict) and "value" in error.params
            words = PLAIN.get(code) or ("This value is not valid here." if echoes else " ".join(error.messages))
            yield _error("" if name == "__all__" else f"/{_escape(name)}", code, words)


def _error(pointer: str, code: str, detail: str) -> dict[str, str]:
    return {"pointer": pointer, "code": code, "detail": detail}


def _escape(name: object) -> str:
    return str(name).replace("~", "~0").replace("/", "~1")
