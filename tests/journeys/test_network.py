"""Whatever the network does, every tap is in the log once."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.app import COUNT, GO, LOOK, App, until, waiting
from tests.journeys.network_proxy import HOTEL, NetworkProxy, OwnAnswer

pytestmark = pytest.mark.journey


def test_listeners_hear_every_tap_once_with_the_network_down(
    app: App, proxy: NetworkProxy, visitor: str, page: Page
) -> None:
    app.open(page, visitor)
    proxy.down = True
    for name in (COUNT, LOOK, COUNT):
        app.tap(page, name)
    assert app.heard(page, "action") == [COUNT, LOOK, COUNT]
    keys = app.keys(page)
    assert len(keys) == 2
    proxy.down = False
    page.evaluate("earshot.flush()")
    app.expect_rows(page, visitor, keys)
    assert app.rows(visitor, LOOK) == []


@pytest.mark.parametrize("step", ["", "unheard"], ids=["heard", "unheard"])
def test_a_tap_that_leads_away_at_once_is_in_the_log_once(
    app: App, proxy: NetworkProxy, visitor: str, page: Page, step: str
) -> None:
    app.open(page, visitor)
    until(page, lambda: waiting(page) == 0, "quiet")
    proxy.plan = [step]
    page.frame_locator("dialog iframe").get_by_role("button", name=GO).click()
    expect(page.get_by_role("heading", name="Elsewhere")).to_be_visible()
    until(page, lambda: app.rows(visitor, GO), "the tap in the log")
    [row] = app.rows(visitor, GO)
    page.goto(f"{proxy.site}/app?person={visitor}")
    until(page, lambda: app.heard(page, "sent"), "the next page's own report")
    until(page, lambda: waiting(page) == 0, "the answer")
    assert [kept.key for kept in app.rows(visitor, GO)] == [row.key]
    assert len(app.sendings_of(row.key)) <= 3


def test_answers_that_are_none_lose_nothing_and_double_nothing(
    app: App, proxy: NetworkProxy, visitor: str, page: Page
) -> None:
    page.clock.install()
    app.open(page, visitor)
    troubles = [
        "lost",
        "unheard",
        "torn",
        OwnAnswer(429),
        OwnAnswer(500),
        OwnAnswer(503),
        OwnAnswer(502),
        OwnAnswer(404),
        OwnAnswer(200, HOTEL),
    ]
    for step in troubles:
        until(page, lambda: waiting(page) == 0, "quiet")
        proxy.plan = [step]
        app.tap(page)
        until(page, lambda: not proxy.plan, f"the trouble of {step}")
        page.wait_for_timeout(50)
        assert waiting(page) == 1, step
        page.clock.fast_forward(60_000)
        until(page, lambda: waiting(page) == 0, f"a second try after {step}")
    keys = app.keys(page)
    app.expect_rows(page, visitor, keys)
    assert [len(app.sendings_of(key)) for key in keys] == [2] * len(troubles)
    assert app.heard(page, "error") == []
