from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from console.views import health


def test_a_living_process_says_so_without_a_database(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


@pytest.mark.django_db
def test_a_process_that_reaches_everything_is_ready(client: Client) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")


@pytest.mark.django_db
def test_a_process_without_redis_is_not_ready_and_says_what_is_missing(client: Client, settings: Any) -> None:
    health.broker.cache_clear()
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    answer = client.get("/readyz")
    health.broker.cache_clear()
    assert answer.status_code == 503
    assert answer.json() == {
        "status": "unavailable",
        "database": "ok",
        "redis": "does not answer",
        "migrations": "ok",
        "secret_key": "ok",
        "event_log": "ok",
    }
