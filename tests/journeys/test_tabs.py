"""Several tabs of one browser share one store of reports, and one of them sends at a time."""

from __future__ import annotations

from contextlib import suppress
from itertools import pairwise

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.journeys.app import COUNT, LOOK, App, until, waiting
from tests.journeys.network_proxy import NetworkProxy

pytestmark = pytest.mark.journey


@pytest.fixture
def other(context: BrowserContext) -> Page:
    return context.new_page()


def test_tabs_send_one_at_a_time_and_every_tap_counts_once(
    app: App, proxy: NetworkProxy, visitor: str, page: Page, other: Page
) -> None:
    app.open(page, visitor)
    app.open(other, visitor)
    until(page, lambda: waiting(page) == 0, "quiet")
    proxy.sendings.clear()
    proxy.delay = 0.3
    for _ in range(5):
        app.tap(page)
        app.tap(other)
        page.wait_for_timeout(120)
    app.expect_rows(page, visitor, app.keys(page) + app.keys(other))
    until(page, lambda: waiting(page) == 0, "the answer")
    for earlier, later in pairwise(proxy.sendings):
        assert earlier.ended <= later.began


def test_each_tab_hears_its_own_taps_alone(
    app: App, proxy: NetworkProxy, visitor: str, page: Page, other: Page
) -> None:
    app.open(page, visitor)
    app.open(other, visitor)
    proxy.down = True
    app.tap(page, COUNT)
    app.tap(other, LOOK)
    app.tap(page, LOOK)
    assert app.heard(page, "action") == [COUNT, LOOK]
    assert app.heard(other, "action") == [LOOK]


def test_when_the_tab_that_was_sending_is_closed_another_takes_over(
    app: App, proxy: NetworkProxy, visitor: str, page: Page, other: Page
) -> None:
    app.open(page, visitor)
    app.open(other, visitor)
    until(page, lambda: waiting(page) == 0, "quiet")
    proxy.sendings.clear()
    proxy.hold()
    app.tap(page)
    until(page, lambda: proxy.sendings, "the first tab to send")
    app.tap(other)
    other.wait_for_timeout(500)
    assert len(proxy.sendings) == 1, "the other tab waits for its turn"
    keys = app.keys(page) + app.keys(other)
    proxy.down = True  # lest the tab says it all while it is closed
    page.close()
    other.wait_for_timeout(200)
    proxy.release()
    proxy.down = False
    app.expect_rows(other, visitor, keys)


def test_a_tab_that_has_nothing_to_say_sends_what_a_closed_one_left(
    app: App, proxy: NetworkProxy, visitor: str, page: Page, other: Page
) -> None:
    other.clock.install()
    app.open(page, visitor)
    app.open(other, visitor)
    until(page, lambda: waiting(page) == 0, "quiet")
    proxy.down = True
    app.tap(page)
    keys = app.keys(page)
    page.close()
    other.wait_for_timeout(200)
    proxy.down = False
    assert app.rows(visitor) == []
    for _ in range(3):  # it looks at its queue every half minute; beside load the closed one may hold it at the first
        other.clock.fast_forward(31_000)
        with suppress(AssertionError):
            until(other, lambda: app.rows(visitor), "what the closed tab left", seconds=8)
            break
    app.expect_rows(other, visitor, keys)


def test_a_tab_opened_later_sends_what_an_earlier_one_left(
    app: App, proxy: NetworkProxy, visitor: str, page: Page, other: Page
) -> None:
    app.open(page, visitor)
    proxy.down = True
    app.tap(page)
    keys = app.keys(page)
    page.close()
    other.wait_for_timeout(200)
    proxy.down = False
    assert app.rows(visitor) == []
    other.goto(f"{proxy.site}/app?person={visitor}")
    app.expect_rows(other, visitor, keys)
