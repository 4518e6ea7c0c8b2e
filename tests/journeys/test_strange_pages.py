"""Messages on pages that are unlike others, and taps that are meant for something else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.app import button, offer, text
from tests.journeys.site import Site, ready

pytestmark = pytest.mark.journey

SURVEY = {
    "steps": [
        {"id": "s1", "blocks": [text("t1", "<h2>Ready?</h2>"), button("go", "Go", "step", "s2")]},
        {"id": "s2", "blocks": [text("t2", "<h2>Sure?</h2>"), button("sure", "Sure", "step", "s3")]},
        {"id": "s3", "blocks": [text("t3", "<h2>Thank you</h2>")]},
    ]
}
SNOOZED = {
    "steps": [
        {"id": "s1", "blocks": [text("t", "<h2>For {{ customer.id }}</h2>"), button("z", "Later", "snooze", "1")]}
    ]
}
PAGE = """<!doctype html><meta charset="utf-8"><title>An app</title>
<script src="{url}/static/sdk/earshot.js" data-write-key="{key}"></script>
<script>
  window.heard = []; window.reports = [];
  earshot.push(["no such call"], ["on", "action", ({{ name }}) => heard.push(name)]);
  earshot.on("report", (call) => reports.push(call));
  earshot.push(["identify", "{person}"]);
</script>"""
PEOPLE = ["file", "coep", "sandbox", "double", "early", "left", "thanks"]


@pytest.fixture(scope="module", autouse=True)
def offered(stack: dict[str, Any]) -> None:
    offer(stack, "Strange pages", SURVEY, *PEOPLE, only=True)
    offer(stack, "Snoozed", SNOOZED, "first", only=True)


def html(stack: dict[str, Any], person: str) -> str:
    return PAGE.format(url=stack["url"], key=stack["write_key"], person=person)


def test_a_message_is_shown_and_answered_on_a_page_that_is_a_file(
    stack: dict[str, Any], page: Page, tmp_path: Path
) -> None:
    path = tmp_path / "app.html"
    path.write_text(html(stack, "file"))
    page.goto(path.as_uri())
    ready(page).get_by_role("button", name="Go").click()
    ready(page, "s2")
    assert page.evaluate("heard") == ["Go"]


def test_a_message_is_shown_on_an_isolated_page(stack: dict[str, Any], site: Site, page: Page) -> None:
    isolated = {"Cross-Origin-Embedder-Policy": "require-corp", "Cross-Origin-Opener-Policy": "same-origin"}
    site.open(page, html(stack, "coep"), **isolated)
    assert page.evaluate("crossOriginIsolated")
    ready(page)


def test_a_message_is_shown_on_a_sandboxed_page(stack: dict[str, Any], site: Site, page: Page) -> None:
    site.open(page, html(stack, "sandbox"), **{"Content-Security-Policy": "sandbox allow-scripts"})
    ready(page)


def test_the_second_click_of_a_double_one_answers_nothing(stack: dict[str, Any], site: Site, page: Page) -> None:
    site.open(page, html(stack, "double"))
    ready(page).get_by_role("button", name="Go").dblclick()
    ready(page, "s2")
    assert page.evaluate("heard") == ["Go"]


def test_a_tap_on_what_was_drawn_a_moment_ago_answers_nothing(stack: dict[str, Any], site: Site, page: Page) -> None:
    site.open(page, html(stack, "early"))
    frame = ready(page)
    frame.locator("#message").evaluate(
        "(root) => ['Go', 'Sure'].forEach((name) => "
        "[...root.querySelectorAll('button')].find((one) => one.textContent === name).click())"
    )
    ready(page, "s2")
    assert page.evaluate("heard") == ["Go"]


def test_a_tap_on_a_step_that_was_left_answers_nothing(stack: dict[str, Any], site: Site, page: Page) -> None:
    site.open(page, html(stack, "left"))
    go = ready(page).get_by_role("button", name="Go").element_handle()
    go.click()
    ready(page, "s2")
    go.evaluate("(left) => left.click()")
    ready(page, "s2").get_by_role("button", name="Sure").click()
    ready(page, "s3")
    assert page.evaluate("heard") == ["Go", "Sure"]


def test_closing_a_thank_you_step_is_no_response(stack: dict[str, Any], site: Site, page: Page) -> None:
    site.open(page, html(stack, "thanks"))
    ready(page).get_by_role("button", name="Go").click()
    ready(page, "s2").get_by_role("button", name="Sure").click()
    ready(page, "s3").get_by_role("button", name="Close").click()
    expect(page.locator("dialog")).to_have_count(0)
    said = page.evaluate(
        "reports.filter(({ event }) => event).map(({ properties }) => properties.actionName || properties.metric)"
    )
    assert said == ["opened", "Go", "Sure"]


def test_what_one_person_snoozed_is_not_shown_to_the_next(stack: dict[str, Any], site: Site, page: Page) -> None:
    page.clock.install()
    site.open(page, html(stack, "first"))
    expect(page.frame_locator("dialog iframe").get_by_role("heading", name="For first")).to_be_visible(timeout=20_000)
    page.clock.run_for(1000)
    page.frame_locator("dialog iframe").get_by_role("button", name="Later").click()
    expect(page.locator("dialog")).to_have_count(0)
    page.evaluate("earshot.identify('second')")
    page.clock.run_for(120_000)
    with page.expect_response("**/api/v4/users**"):
        page.evaluate("earshot.refresh()")
    page.clock.run_for(1000)
    expect(page.locator("dialog")).to_have_count(0)
    page.evaluate("earshot.identify('first')")
    page.clock.run_for(2000)
    expect(page.locator("dialog")).to_have_count(1)
