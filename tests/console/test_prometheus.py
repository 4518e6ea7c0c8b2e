from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from django.db import connection
from django.test import Client

from console.health import heartbeats, servers
from tests.people import make_workspace
from tests.tracking.ingest import Caller

TOKEN = "a-token-of-ours"


def scraped(client: Client, token: str = TOKEN) -> dict[str, float]:
    answer = client.get("/metrics", headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    lines = [line for line in answer.content.decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


@pytest.mark.django_db
def test_it_tells_what_ingest_did_and_how_far_the_consumers_are_behind(client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = TOKEN
    before = scraped(client)
    call = Caller(client, make_workspace())
    call.verdicts("track", {"event": "x", "userId": "u", "messageId": "m"})
    call.verdicts("track", {"event": "x", "userId": "u", "messageId": "m"})
    call.verdicts("track", {"event": "x"})
    after = scraped(client)

    def grew(name: str) -> float:
        return after[name] - before.get(name, 0)

    assert grew('earshot_ingest_items_total{verdict="accepted"}') == 1
    assert grew('earshot_ingest_items_total{verdict="duplicate"}') == 1
    assert grew('earshot_ingest_items_total{verdict="missing_field"}') == 1
    assert grew('earshot_ingest_step_seconds_count{step="append"}') == 3
    assert after['earshot_consumer_rows_behind{consumer="rollup"}'] == 1
    assert after['earshot_consumer_dead_letters{consumer="rollup"}'] == 0


@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_asked_keeps_nothing_else_from_being_told(client: Client, settings: Any) -> None:
    """The alerts about a database that is away are made of what is told then."""
    settings.METRICS_TOKEN = TOKEN
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE tracking_webhookdelivery RENAME TO elsewhere")
        try:
            told = scraped(client)
        finally:
            cursor.execute("ALTER TABLE elsewhere RENAME TO tracking_webhookdelivery")
    assert told['earshot_check{check="outbox"}'] == 0
    assert told['earshot_check{check="database"}'] == 1
    assert "earshot_disk_free_bytes" in told
    assert "earshot_outbox_due_rows" not in told


@pytest.mark.django_db
def test_without_redis_the_checks_are_told(client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = TOKEN
    servers.broker.cache_clear()
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    told = scraped(client)
    servers.broker.cache_clear()
    assert told['earshot_check{check="redis"}'] == 0
    assert 'earshot_heartbeat_age_seconds{process="worker"}' not in told
    assert "earshot_outbox_due_rows" in told


@pytest.mark.django_db
@pytest.mark.parametrize(("age", "told"), [(0.0, 0.0), (12.5, 12.5), (None, 61.0)])
def test_the_age_of_a_sign_of_life(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch, age: float | None, told: float
) -> None:
    settings.METRICS_TOKEN = TOKEN
    monkeypatch.setattr(heartbeats, "age", lambda process: age)
    assert scraped(client)['earshot_heartbeat_age_seconds{process="beat"}'] == told


@pytest.mark.django_db
def test_the_alert_rules_ask_for_what_is_told(client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = TOKEN
    told = {name.partition("{")[0] for name in scraped(client)}
    checks = {name for name in scraped(client) if name.startswith("earshot_check{")}
    rules = yaml.safe_load((settings.BASE_DIR / "deploy/prometheus-alerts.yml").read_text())["groups"][0]["rules"]
    assert len(rules) == len({rule["alert"] for rule in rules})
    for rule in rules:
        assert set(re.findall(r"earshot_\w+", rule["expr"])) <= told, rule["alert"]
        for named in re.findall(r'check=~"([^"]+)"', rule["expr"]):
            assert {f'earshot_check{{check="{name}"}}' for name in named.split("|")} <= checks


@pytest.mark.parametrize(("token", "given"), [("", ""), ("", TOKEN), (TOKEN, ""), (TOKEN, "another")])
@pytest.mark.django_db
def test_to_everybody_else_there_is_nothing(client: Client, settings: Any, token: str, given: str) -> None:
    settings.METRICS_TOKEN = token
    assert client.get("/metrics", headers={"authorization": f"Bearer {given}"}).status_code == 404
