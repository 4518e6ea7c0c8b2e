"""What OpenAPI says of the two keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class SecretKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "console.accounts.auth.SecretKeyAuthentication"
    name = "secretKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A secret key (sk_…) of a workspace. Basic with the key as the user name works too.",
        }


class WriteKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "console.accounts.auth.WriteKeyAuthentication"
    name = "writeKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "X-CIO-Site-Id",
            "description": "A write key (wk_…) of a workspace. Bearer and Basic work too.",
        }


PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "Problem details (RFC 9457). The codes are explained at /problems/.",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "pointer": {"type": "string", "description": "Which field, as a JSON pointer."},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
                "required": ["pointer", "code", "detail"],
            },
        },
    },
    "required": ["type", "title", "status", "code"],
}


def tell_problems(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """A hook of the schema's making: what `console.common.problems.handler` may answer, for every operation it serves.

    Ingest has a face of its own (verdicts in the body of a 200), and says itself what it answers.
    """
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    schemas["ProblemDetails"] = PROBLEM
    body = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}}
    for operations in result["paths"].values():
        for operation in operations.values():
            if "ingest" not in operation.get("tags", ()):
                for status, words in _problems(operation):
                    operation["responses"].setdefault(status, {"description": words, "content": body})
    return result


def _problems(operation: dict[str, Any]) -> Iterator[tuple[str, str]]:
    places = {parameter["in"] for parameter in operation.get("parameters", ())}
    yield "400", "The request cannot be read."
    if any(operation.get("security", ())):
        yield "401", "There is no key, or it is not valid here."
    if "path" in places:
        yield "404", "There is no such thing in this workspace."
    if "requestBody" in operation:
        yield "413", "The request is too large."
        yield "415", "This content type is not read here."
    if "query" in places or "requestBody" in operation:
        yield "422", "Some fields are not right; `errors` says which."
