"""Clients of servers: each event is in the log once, and what they learn of people arrives."""

from __future__ import annotations

import subprocess
import time
from typing import Any

import customerio.analytics
import psycopg
import pytest
import segment.analytics.client

from tests.stacks import ROOT

EVENTS = 150  # more than a batch


def logged(stack: dict[str, Any], person: str) -> tuple[int, int, dict[str, Any] | None]:
    """Tracks in the log, distinct ones among them, and what is known of the person, once that has settled."""
    with psycopg.connect(stack["database_url"], autocommit=True) as connection:
        for _ in range(100):
            counted = connection.execute(
                "SELECT count(*), count(DISTINCT payload ->> 'n') FROM tracking_event WHERE user_id = %s AND kind = 2",
                [person],
            ).fetchone()
            known = connection.execute(
                "SELECT attributes FROM messaging_person WHERE external_id = %s", [person]
            ).fetchone()
            if counted and counted[0] >= EVENTS and known and "plan" in known[0]:
                break
            time.sleep(0.1)
    assert counted is not None
    return counted[0], counted[1], known and known[0]


@pytest.mark.parametrize("gzip", [False, True])
@pytest.mark.parametrize("library", [segment.analytics.client, customerio.analytics])
def test_python_clients_are_understood(stack: dict[str, Any], library: Any, gzip: bool) -> None:
    person = f"{library.__name__}-{gzip}"
    errors: list[Any] = []
    sender = library.Client(
        stack["write_key"], host=stack["url"], gzip=gzip, on_error=lambda error, items: errors.append(error)
    )
    for n in range(EVENTS):
        sender.track(person, "Note saved", {"n": n})
    sender.identify(person, {"plan": "python"})
    sender.shutdown()
    assert errors == []
    assert logged(stack, person) == (EVENTS, EVENTS, {"plan": "python"})


@pytest.mark.parametrize("client", ["segment", "cdp", "pipelines"])
def test_node_clients_are_understood(stack: dict[str, Any], client: str) -> None:
    person = f"node-{client}"
    command = [ROOT / "bin/node", "tests/clients/send.mjs", client, stack["url"], stack["write_key"], person]
    done = subprocess.run([*command, str(EVENTS)], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert logged(stack, person) == (EVENTS, EVENTS, {"plan": client})


def test_a_strict_client_hears_what_is_wrong(stack: dict[str, Any]) -> None:
    command = [ROOT / "bin/node", "tests/clients/send.mjs", "pipelines", stack["url"], "wk_nobodys", "x", "2"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "No live key of any workspace" in done.stderr
