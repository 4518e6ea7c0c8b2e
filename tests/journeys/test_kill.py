"""A browser that is killed, and browsers that keep little or nothing."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error, Page, Playwright

from tests.journeys.app import COUNT, LOOK, App, until, waiting
from tests.journeys.weather import Weather

pytestmark = pytest.mark.journey

Launch = Callable[[], Any]

GONE = "Object.defineProperty(window, 'indexedDB', { value: undefined });"
FAILS = """IDBFactory.prototype.open = () => {
    const request = {};
    setTimeout(() => request.onerror(new Event("error")));
    return request;
};"""
HANGS = "IDBFactory.prototype.open = () => ({});"
FULL = """IDBObjectStore.prototype.put = function () { this.transaction.abort(); };"""


@pytest.fixture
def launch(playwright: Playwright, browser_type_launch_args: dict[str, Any], tmp_path: Path) -> Launch:
    """A browser with a profile that outlives it."""
    return lambda: playwright.chromium.launch_persistent_context(tmp_path / "profile", **browser_type_launch_args)


def kill(profile: Path) -> None:
    """The browser of this profile, which notes its own pid there; its children end with it."""
    os.kill(int(os.readlink(profile / "SingletonLock").rpartition("-")[2]), signal.SIGKILL)


def test_taps_in_a_browser_that_is_killed_at_once_are_in_the_log_once(
    app: App, weather: Weather, visitor: str, launch: Launch, tmp_path: Path
) -> None:
    context = launch()
    page = context.pages[0]
    app.open(page, visitor)
    weather.down = True
    for _ in range(3):
        app.tap(page)
    keys = app.keys(page)
    assert len(keys) == 3
    with context.expect_event("close"):
        kill(tmp_path / "profile")
    weather.down = False
    assert app.rows(visitor) == []
    context = launch()
    again = context.pages[0]
    again.goto(f"{weather.site}/app?person={visitor}")
    app.expect_rows(again, visitor, keys)
    until(again, lambda: waiting(again) == 0, "the answer")
    context.close()
