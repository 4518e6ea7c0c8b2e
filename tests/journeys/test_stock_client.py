"""The stock browser client, unmodified: analytics and in-app messages.

Its in-app hosts are fixed; those addresses are led to the stack, which is what a proxy would do.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys.app import button, offer, text
from tests.stacks import ROOT
from tracking.ingest.models import EventKind

pytestmark = pytest.mark.journey
UMD = ROOT / "tests/clients/node_modules/@customerio/cdp-analytics-browser/dist/umd"
SURVEY = {
    "steps": [
        {
            "id": "s1",
            "blocks": [
                text("t1", "<h2>Join the beta?</h2>"),
                button("yes", "Count me in", "dismiss"),
                button("more", "Read more", "custom", "more", track=False),
            ],
        }
    ]
}


def open_app(stack: dict[str, Any], page: Page, person: str) -> None:
    """A page with the client's own loader, cut to what it does: a queue of calls, then the script."""
    cdn = f"{stack['url']}/v1/analytics-js"
    calls = f"[['page', 'Notes'], ['identify', '{person}', {{plan: 'browser'}}], ['track', 'Note saved', {{n: 1}}]]"
    snippet = f"""<!doctype html><title>Notes</title><h1>Notes</h1>
        <script>
          window.cioanalytics = {calls}; cioanalytics._writeKey = "{stack["write_key"]}";
          cioanalytics.load = () => undefined; cioanalytics.invoked = true;
        </script>
        <script src="{cdn}/snippet/{stack["write_key"]}/analytics.min.js"
                data-global-customerio-analytics-key="cioanalytics" async></script>"""
    page.route(f"{stack['url']}/notes", lambda route: route.fulfill(body=snippet, content_type="text/html"))
    page.route(f"{cdn}/**", script)
    for host in ("localhost:3010", "localhost:9998"):
        page.route(f"http://{host}/**", forwarded(host, stack["url"]))
    page.route("http://localhost:3009/**", lambda route: route.fulfill(status=503))  # it polls then
    page.goto(f"{stack['url']}/notes")


def script(route: Route) -> None:
    name = route.request.url.rpartition("/")[2]
    route.fulfill(path=UMD / ("standalone.js" if name == "analytics.min.js" else name))


def forwarded(host: str, real: str) -> Callable[[Route], None]:
    def forward(route: Route) -> None:
        url = route.request.url.replace(f"http://{host}/index.html", f"http://{host}/renderer/index.html")
        route.fulfill(response=route.fetch(url=url.replace(f"http://{host}", real)))

    return forward


def log_of(stack: dict[str, Any], person: str, rows: int) -> list[tuple[int, str | None]]:
    with psycopg.connect(stack["database_url"], autocommit=True) as connection:
        for _ in range(100):
            found = connection.execute(
                "SELECT kind, name FROM tracking_event WHERE user_id = %s ORDER BY kind", [person]
            ).fetchall()
            if len(found) >= rows:
                break
            time.sleep(0.1)
    return found


def test_the_stock_browser_client_shows_a_message_and_reports_its_taps(stack: dict[str, Any], page: Page) -> None:
    offer(stack, "For bea", SURVEY, "bea")
    open_app(stack, page, "bea")
    frame = page.frame_locator("iframe[id^=gist]")
    expect(frame.get_by_role("heading", name="Join the beta?")).to_be_visible(timeout=15_000)
    frame.get_by_role("button", name="Read more").click()
    frame.get_by_role("button", name="Count me in").click()
    expect(page.locator("iframe[id^=gist]")).to_have_count(0)
    assert log_of(stack, "bea", 5) == [
        (EventKind.IDENTIFY, None),
        (EventKind.TRACK, "Note saved"),
        (EventKind.PAGE, "Notes"),
        (EventKind.OPENED, None),
        (EventKind.CLICKED, "Count me in"),  # and no row of "Read more", though the client reports that tap too
    ]
