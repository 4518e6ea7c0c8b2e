from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.journeys.app import button, offer, text

pytestmark = pytest.mark.journey


NPS = {"id": "nps", "name": "NPS", "behaviour": {"kind": "submit"}}
MODAL = {
    "steps": [
        {
            "id": "s1",
            "blocks": [
                text("t1", "<h2>Join the beta?</h2>"),
                button("yes", "Yes", "step", "s2"),
                button("more", "More", "custom", "more", track=False),
            ],
        },
        {
            "id": "s2",
            "blocks": [
                text("t2", "<h2>How likely?</h2>"),
                {"kind": "rating", "id": "r", "scale": "nps", "action": NPS},
            ],
        },
    ]
}


def open_as(stack: dict[str, Any], page: Page, person: str) -> FrameLocator:
    page.goto(stack["url"] + "/sample/")
    page.get_by_label("A person's id").fill(person)
    page.get_by_role("button", name="Sign in as").click()
    return page.frame_locator("dialog iframe")


def test_a_survey_is_answered_by_keyboard_and_every_tap_is_heard(stack: dict[str, Any], page: Page) -> None:
    offer(stack, "For kay", MODAL, "kay")
    frame = open_as(stack, page, "kay")
    expect(frame.get_by_role("heading", name="Join the beta?")).to_be_visible()
    assert page.locator("dialog iframe").get_attribute("sandbox") == "allow-scripts"
    expect(frame.locator("[data-ready]")).to_be_visible()
    frame.get_by_role("button", name="More").click()
    frame.get_by_role("button", name="Yes").press("Enter")
    expect(frame.locator("[data-ready][data-step=s2]")).to_be_visible()
    frame.get_by_role("radio", name="0", exact=True).focus()
    page.keyboard.press("ArrowLeft")  # round to 10
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(page.locator("dialog")).to_have_count(0)
    log = page.locator("#log")
    expect(log.get_by_text("clicked: NPS 9").last).to_be_visible()
    expect(log.locator("li", has=page.locator(".is-sent"), has_text="NPS 9")).to_have_count(1)
    expect(log.get_by_text("custom · more · not tracked")).to_be_visible()
    expect(log.locator("li", has=page.locator(".is-kept"), has_text="More")).to_have_count(0)


def test_an_answer_given_offline_is_sent_by_the_next_page(stack: dict[str, Any], page: Page) -> None:
    offer(stack, "For olu", MODAL, "olu")
    frame = open_as(stack, page, "olu")
    expect(frame.get_by_role("heading", name="Join the beta?")).to_be_visible()
    page.route("**/v1/b", lambda route: route.abort())
    page.keyboard.press("Escape")
    expect(page.locator("#log").get_by_text("Dismissed", exact=False).first).to_be_visible()
    expect(page.locator("dialog")).to_have_count(0)
    page.unroute("**/v1/b")
    with page.expect_request(lambda request: "Report Delivery Event" in (request.post_data or "")) as sent:
        page.goto(stack["url"] + "/sample/")
    batch = json.loads(sent.value.post_data or "{}")["batch"]
    reasons = [item["properties"].get("reason") for item in batch if item.get("event") == "Report Delivery Event"]
    assert "esc" in reasons
    page.wait_for_timeout(1500)
    expect(page.locator("dialog")).to_have_count(0)
