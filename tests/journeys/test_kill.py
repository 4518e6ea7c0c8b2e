"""A browser that is killed, and browsers that keep little or nothing."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error, Page, Playwright

from tests.journeys.app import COUNT, LOOK, App, until, waiting
from tests.journeys.network_proxy import NetworkProxy

pytestmark = pytest.mark.journey

Launch = Callable[[], Any]

WITHOUT_DATABASE = {
    "is not there": "Object.defineProperty(window, 'indexedDB', { value: undefined });",
    "is refused": """IDBFactory.prototype.open = () => {
        const request = {};
        setTimeout(() => request.onerror(new Event("error")));
        return request;
    };""",
    "hangs": "IDBFactory.prototype.open = () => ({});",
    "is full": "IDBObjectStore.prototype.put = function () { this.transaction.abort(); };",
}
NO_SITE_DATA = {"profile": {"default_content_setting_values": {"cookies": 2}}}


@pytest.fixture
def launch(playwright: Playwright, browser_type_launch_args: dict[str, Any], tmp_path: Path) -> Launch:
    """A browser with a profile that outlives it."""
    return lambda: playwright.chromium.launch_persistent_context(tmp_path / "profile", **browser_type_launch_args)


def kill(profile: Path) -> None:
    """The browser of this profile, which notes its own pid there; its children end with it."""
    os.kill(int(str((profile / "SingletonLock").readlink()).rpartition("-")[2]), signal.SIGKILL)


def test_taps_in_a_browser_that_is_killed_at_once_are_in_the_log_once(
    app: App, proxy: NetworkProxy, visitor: str, launch: Launch, tmp_path: Path
) -> None:
    context = launch()
    page = context.pages[0]
    frame = app.open(page, visitor)
    proxy.down = True
    app.tap(page)
    app.tap(page)
    keys = app.keys(page)
    page.evaluate("() => void earshot.onAction('Count me', () => console.log(heard.report.at(-1).messageId))")
    with context.expect_event("close"):
        with page.expect_console_message(lambda said: said.type == "log", timeout=9000) as heard:
            frame.get_by_role("button", name=COUNT).press("Enter")
        kill(tmp_path / "profile")  # milliseconds after the app has heard of the tap
    keys.append(app.key_of(heard.value.text))
    proxy.down = False
    assert app.rows(visitor) == []
    context = launch()
    again = context.pages[0]
    again.goto(f"{proxy.site}/app?person={visitor}")
    app.expect_rows(again, visitor, keys)
    until(again, lambda: waiting(again) == 0, "the answer")
    context.close()


@pytest.mark.parametrize("trouble", WITHOUT_DATABASE)
def test_where_the_database_fails_taps_wait_in_local_storage_for_the_next_page(
    app: App, proxy: NetworkProxy, visitor: str, page: Page, trouble: str
) -> None:
    page.add_init_script(WITHOUT_DATABASE[trouble])
    app.open(page, visitor)
    proxy.down = True
    app.tap(page)
    app.tap(page, LOOK)
    assert app.heard(page, "action") == [COUNT, LOOK]
    [key] = app.keys(page)
    until(page, lambda: page.evaluate("Object.values(localStorage).join().includes('Count me')"), "the tap to be kept")
    page.goto("about:blank")
    proxy.down = False
    assert app.rows(visitor) == []
    page.goto(f"{proxy.site}/app?person={visitor}")
    app.expect_rows(page, visitor, [key])


def test_where_the_browser_keeps_nothing_taps_are_reported_as_long_as_the_page_lives(
    app: App, proxy: NetworkProxy, visitor: str, launch: Launch, tmp_path: Path
) -> None:
    preferences = tmp_path / "profile/Default/Preferences"
    preferences.parent.mkdir(parents=True)
    preferences.write_text(json.dumps(NO_SITE_DATA))
    context = launch()
    page = context.pages[0]
    app.open(page, visitor)
    with pytest.raises(Error, match="Access is denied"):
        page.evaluate("localStorage")
    proxy.down = True
    app.tap(page)
    app.tap(page, LOOK)
    assert app.heard(page, "action") == [COUNT, LOOK]
    proxy.down = False
    page.evaluate("earshot.flush()")
    app.expect_rows(page, visitor, app.keys(page))
    context.close()
