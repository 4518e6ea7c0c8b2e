"""Messages that are sent while a page is open, and a stream that is cut."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.app import PATIENCE, App, offer, text, until
from tests.journeys.network_proxy import NetworkProxy

pytestmark = pytest.mark.journey

AN_HOUR = 3600


def banner(words: str) -> dict[str, Any]:
    return {"display": {"type": "banner"}, "steps": [{"id": "s1", "blocks": [text("t1", f"<p>{words}</p>")]}]}


def test_a_message_comes_without_a_reload_and_what_a_cut_stream_missed_comes_after_it(
    app: App, proxy: NetworkProxy, stack: dict[str, Any], visitor: str, page: Page
) -> None:
    proxy.poll_seconds = AN_HOUR  # so that only the stream can have brought it
    proxy.live_down = True
    page.clock.install()
    app.open(page, visitor)
    page.evaluate("window.notReloaded = true")
    frame = page.frame_locator("section iframe")
    proxy.live_down = False
    hours_later(page, lambda: proxy.streams, "the stream, at a later try")

    offer(stack, "Sent while open", banner("First"), visitor)
    expect(frame.get_by_text("First")).to_be_visible(timeout=PATIENCE * 1000)

    proxy.live_down = True
    proxy.cut_streams()
    until(page, lambda: not proxy.streams, "the cut")
    page.evaluate("earshot.dismiss()")
    offer(stack, "Sent while cut", banner("Second"), visitor)
    page.wait_for_timeout(500)
    expect(frame.get_by_text("Second")).to_have_count(0)

    proxy.live_down = False
    hours_later(page, lambda: proxy.streams, "a new stream")
    expect(frame.get_by_text("Second")).to_be_visible(timeout=PATIENCE * 1000)
    assert page.evaluate("window.notReloaded")


def hours_later(page: Page, holds: Callable[[], Any], what: str) -> None:
    """A poll that is under way sets its timer when it ends, so one hour may not be enough; nor may time leap while
    it is under way, since that looks like an answer which never came."""
    for _ in range(4):
        page.wait_for_timeout(1000)
        page.clock.fast_forward(AN_HOUR * 1000 + 1000)
        with suppress(AssertionError):
            return until(page, holds, what)  # as long as it may take beside load: another leap would end the stream
    raise AssertionError(f"waited in vain for {what}")
