"""The API against its own schema: whatever is sent, no crash, and no answer that the schema does not tell of."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from console.wsgi import application
from tests.people import make_secret_key, make_workspace, make_write_key
from tests.tracking.ingest import forget_all, make_delivery, report
from tests.tracking.reported import make_broadcast

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = 20  # of each operation, and each way
ANY_TEXT = {"GET /renderer/content/{token}", "GET /v1/projects/{key}/settings"}  # a text in a path cannot be mistyped

schema = schemathesis.openapi.from_wsgi("/api/schema/?format=json", application)
operations = {found.ok().label: found.ok() for found in schema.get_all_operations()}


@pytest.fixture
def known(transactional_db: None) -> dict[str, Any]:
    """What exists, so that not every path leads nowhere."""
    forget_all()
    workspace = make_workspace()
    broadcast = make_broadcast(workspace)
    assert broadcast.snapshot
    write_key, token = make_write_key(workspace), make_delivery(broadcast.snapshot)
    return {
        "write_key": write_key,
        "secret_key": make_secret_key(workspace),
        "report": report(token, "opened"),
        "paths": {"kind": "broadcasts", "id": broadcast.pk, "token": token, "queue_id": token, "key": write_key},
    }


@pytest.mark.parametrize(
    ("label", "right"),
    [(label, right) for label in operations for right in (True, False) if right or label not in ANY_TEXT],
)
def test_every_answer_is_one_that_the_schema_tells_of(label: str, right: bool, known: dict[str, Any]) -> None:
    operation = operations[label]
    mode = schemathesis.GenerationMode.POSITIVE if right else schemathesis.GenerationMode.NEGATIVE
    asked = 0

    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: schemathesis.Case) -> None:
        nonlocal asked
        asked += 1
        if asked % 2:
            case.path_parameters = {name: known["paths"].get(name, was) for name, was in case.path_parameters.items()}
        key = known["secret_key"] if "metrics" in label else known["write_key"]
        headers = {"X-CIO-Site-Id": key, "Authorization": f"Bearer {key}"} if asked % 4 else {}
        case.call_and_validate(headers=headers, checks=CHECKS)

    ask()
    assert asked


def test_a_call_as_the_schema_tells_of_it_is_kept(known: dict[str, Any]) -> None:
    case = operations["POST /v1/track"].Case(body=known["report"] | {"messageId": "m"}, media_type="application/json")
    answer = case.call_and_validate(headers={"Authorization": f"Bearer {known['write_key']}"}, checks=CHECKS)
    assert [row["verdict"] for row in answer.json()["results"]] == ["accepted"]


def test_the_schema_is_valid_and_tells_of_everything(tmp_path: Any) -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yml"))
