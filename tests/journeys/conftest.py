"""Journeys run against the real stack, as `make run` starts it, in a real Chromium."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.stacks import ROOT


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
