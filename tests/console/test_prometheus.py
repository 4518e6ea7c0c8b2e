from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.people import make_workspace
from tests.tracking.ingest import Caller

TOKEN = "a-token-of-ours"


def scraped(client: Client, token: str = TOKEN) -> dict[str, float]:
    answer = client.get("/metrics", headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    lines = [line for line in answer.content.decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


@pytest.mark.django_db
def test_it_tells_what_ingest_did_and_how_far_the_followers_are_behind(client: Client, settings: Any) -> None:
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
    assert after['earshot_follower_rows_behind{follower="rollup"}'] == 1
    assert after['earshot_follower_rows_aside{follower="rollup"}'] == 0


@pytest.mark.parametrize(("token", "given"), [("", ""), ("", TOKEN), (TOKEN, ""), (TOKEN, "another")])
@pytest.mark.django_db
def test_to_everybody_else_there_is_nothing(client: Client, settings: Any, token: str, given: str) -> None:
    settings.METRICS_TOKEN = token
    assert client.get("/metrics", headers={"authorization": f"Bearer {given}"}).status_code == 404
