from __future__ import annotations

import json
import logging
from io import StringIO
from typing import Any

import pytest
import structlog
from django.test import Client

from console.runtime import logs


@pytest.fixture
def lines(settings: Any) -> Any:
    """What would be written for a machine."""
    out = StringIO()
    machinery = logs.configured(pretty=False, level="INFO")["formatters"]["lines"]
    formatter = structlog.stdlib.ProcessorFormatter(**{k: v for k, v in machinery.items() if k != "()"})
    handler = logging.StreamHandler(out)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel("INFO")
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    root.removeHandler(handler)
    root.setLevel(before)


def test_a_line_is_json_with_time_level_and_name(lines: Any) -> None:
    structlog.get_logger("earshot.test").info("sent", deliveries=3)
    [line] = lines()
    assert (line["event"], line["deliveries"], line["level"], line["logger"]) == ("sent", 3, "info", "earshot.test")
    assert line["timestamp"].endswith("Z")


def test_a_line_of_the_standard_library_looks_the_same(lines: Any) -> None:
    logging.getLogger("earshot.test").warning("%s left", "Ann")
    assert [(line["event"], line["level"]) for line in lines()] == [("Ann left", "warning")]


def test_whatever_is_named_like_a_secret_is_hidden(lines: Any) -> None:
    structlog.get_logger("earshot.test").info("signed in", password="p", api_key="sk_1", userToken="t", key="wk_1")
    [line] = lines()
    assert {line[name] for name in ("password", "api_key", "userToken", "key")} == {"[hidden]"}


def test_an_exception_is_one_line_too(lines: Any) -> None:
    try:
        raise ValueError("broken")
    except ValueError:
        structlog.get_logger("earshot.test").exception("failed")
    [line] = lines()
    assert "ValueError: broken" in line["exception"]


@pytest.mark.django_db
def test_a_request_is_logged_under_its_id_by_its_route(client: Client, lines: Any) -> None:
    answer = client.get("/w/acme/members/", headers={"X-Request-ID": "abc-12345"})
    assert answer["X-Request-ID"] == "abc-12345"
    [line] = [line for line in lines() if line["event"] == "request"]
    assert (line["request_id"], line["status"], line["method"]) == ("abc-12345", answer.status_code, "GET")
    assert line["route"] == "w/<slug:workspace>/members/"


def test_a_strange_request_id_is_replaced(client: Client) -> None:
    answer = client.get("/healthz", headers={"X-Request-ID": 'x" onload="'})
    assert len(answer["X-Request-ID"]) == 32
