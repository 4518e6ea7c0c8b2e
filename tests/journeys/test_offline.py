"""Away for days, and a server that wants to be left alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.journeys.app import App, Row, until, waiting
from tests.journeys.network_proxy import NetworkProxy, OwnAnswer

pytestmark = pytest.mark.journey

DAYS = timedelta(days=3)
LIMIT = 1000


def age(row: Row) -> timedelta:
    return row.received_at - row.occurred_at


def test_taps_of_days_ago_keep_their_own_time(app: App, proxy: NetworkProxy, visitor: str, page: Page) -> None:
    page.clock.install()
    app.open(page, visitor)
    proxy.down = True
    app.tap(page)
    page.clock.fast_forward(int(DAYS.total_seconds()) * 1000)
    app.tap(page)
    proxy.down = False
    page.clock.fast_forward(31_000)
    early, late = app.expect_rows(page, visitor, app.keys(page))
    assert abs(age(early) - DAYS) < timedelta(minutes=1)
    assert age(late) < timedelta(minutes=1)


def test_a_full_queue_drops_the_oldest_tells_the_app_and_sends_the_rest_in_fitting_batches(
    app: App, proxy: NetworkProxy, visitor: str, page: Page
) -> None:
    app.open(page, visitor)
    until(page, lambda: waiting(page) == 0, "quiet")
    proxy.down = True
    page.evaluate(
        """async (count) => {
            const track = (n) => earshot.track("Walked", { n, wide: n < 60 ? "€".repeat(8000) : "" });
            for (let n = 0; n < count; n += 1) await track(n);
            await Promise.all([0, 1, 2, 3, 4, 5, 6].map((n) => track(count + n)));
        }""",
        LIMIT,
    )
    assert waiting(page) == LIMIT
    told = [error for error in app.heard(page, "error") if "oldest" in error]
    assert len(told) == 7  # others may stand between them: the content cannot be reached either
    proxy.sendings.clear()
    proxy.down = False
    page.evaluate("earshot.flush()")
    until(page, lambda: waiting(page) == 0, "all to be sent", seconds=30)
    walked = sorted((row.payload or {})["n"] for row in app.rows(visitor, "Walked"))
    assert walked == list(range(7, LIMIT + 7))
    assert max(len(sending.batch) for sending in proxy.sendings) == 100
    assert max(sending.size for sending in proxy.sendings) < 500 * 1024


def test_a_server_that_asks_for_rest_has_it_whatever_is_tapped(
    app: App, proxy: NetworkProxy, visitor: str, page: Page
) -> None:
    app.open(page, visitor)
    until(page, lambda: waiting(page) == 0, "quiet")
    proxy.sendings.clear()
    proxy.plan = [OwnAnswer(status, "{}", (("Retry-After", "2"),)) for status in (429, 503)]
    for _ in range(4):
        app.tap(page)
        page.wait_for_timeout(250)
    app.expect_rows(page, visitor, app.keys(page))
    first, second, taken = proxy.sendings
    assert second.began - first.ended >= 2
    assert taken.began - second.ended >= 2
    assert len(taken.batch) == 4


def test_what_is_rejected_is_told_to_the_app_and_never_sent_again(
    app: App, proxy: NetworkProxy, visitor: str, page: Page
) -> None:
    app.open(page, visitor)
    until(page, lambda: waiting(page) == 0, "quiet")
    proxy.sendings.clear()
    page.evaluate("earshot.track('x'.repeat(300))")
    app.tap(page)
    app.expect_rows(page, visitor, app.keys(page))
    until(page, lambda: waiting(page) == 0, "the answer")
    assert app.heard(page, "error") == ["1 reports refused with too_long and dropped."]
    page.evaluate("earshot.flush()")
    app.tap(page)
    app.expect_rows(page, visitor, app.keys(page))
    assert sum(names_of(sending.batch).count("x" * 300) for sending in proxy.sendings) == 1


def names_of(batch: list[dict[str, Any]]) -> list[str]:
    return [item.get("event", "") for item in batch]
