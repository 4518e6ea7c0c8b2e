"""Journeys run against the real stack, as `make run` starts it, in a real Chromium."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.journeys.app import App, offer, survey
from tests.journeys.network_proxy import NetworkProxy
from tests.journeys.site import Answer, Site
from tests.stacks import ROOT


@pytest.fixture(scope="session")
def network(stack: dict[str, Any]) -> Iterator[NetworkProxy]:
    proxy = NetworkProxy(stack)
    yield proxy
    proxy.close()


@pytest.fixture(scope="session")
def apps(stack: dict[str, Any], network: NetworkProxy) -> Iterator[App]:
    """One survey for many visitors, offered once."""
    visitors = [f"visitor-{number}" for number in range(40)]
    offer(stack, "Survey", survey(network), *visitors)
    with psycopg.connect(stack["database_url"], autocommit=True) as log:
        row = log.execute("SELECT id FROM console_workspace WHERE slug = 'demo'").fetchone()
        assert row
        yield App(stack, network, log, row[0], iter(visitors))


@pytest.fixture
def app(apps: App) -> Iterator[App]:
    """An app of another site than Earshot, on a network that works."""
    apps.proxy.clear()
    yield apps
    apps.proxy.clear()


@pytest.fixture
def proxy(app: App) -> NetworkProxy:
    return app.proxy


@pytest.fixture
def visitor(app: App) -> str:
    """Somebody for whom the survey waits, and whom no other test knows."""
    return next(app.visitors)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    server = Site(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def chromium() -> str:
    found = subprocess.run([ROOT / "bin/chromium"], stdout=subprocess.PIPE, text=True, check=False)
    if found.returncode:
        message = "No Chromium: install one or set CHROMIUM. The journeys did not run."
        print(f"\n*** {message} ***", file=sys.stderr)  # noqa: T201
        if os.environ.get("CI") == "true":
            pytest.fail(message, pytrace=False)
        pytest.skip(message)
    return found.stdout.strip()


@pytest.fixture(scope="session")
def browser_type_launch_args(chromium: str) -> dict[str, Any]:
    """For pytest-playwright, whose `browser`, `context` and `page` are used as they are."""
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    return {"executable_path": chromium, "headless": True, "args": arguments}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Playwright keeps an event loop in the main thread, which Django's ORM refuses: so browsers come last."""
    here = Path(__file__).parent
    items.sort(key=lambda item: here in item.path.parents)
