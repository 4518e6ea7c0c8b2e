"""A question that is answered in writing, from the person who writes to the page of responses."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.app import offer, text
from tests.journeys.test_story import be, log, message_on, sign_in

pytestmark = pytest.mark.journey
WHY = {"id": "why", "text": "Send", "name": "Why", "behaviour": {"kind": "step", "value": "s2"}}
DRAFT = {
    "steps": [
        {"id": "s1", "blocks": [text("t1", "<p>Why did you leave?</p>"), {"kind": "input", "id": "b1", "action": WHY}]},
        {"id": "s2", "blocks": [text("t2", "<p>Thank you.</p>")]},
    ]
}
ANSWER = "Too slow, & <b>too dear</b> 🙈"


def test_an_answer_is_written_sent_and_read(stack: dict[str, Any], browser: Browser, page: Page) -> None:
    offer(stack, "In writing", DRAFT, "wendy", only=True)
    wendy = be(stack, browser, "wendy")
    field = message_on(wendy).get_by_role("textbox", name="Why did you leave?")
    field.press("Enter")
    expect(message_on(wendy).get_by_role("alert")).to_have_text("Write something first.")
    expect(field).to_be_focused()
    expect(log(wendy, "action", "Why")).to_have_count(0)

    field.fill(f"  {ANSWER} ")
    expect(message_on(wendy).get_by_role("alert")).to_have_count(0)
    field.press("Enter")
    expect(message_on(wendy)).to_contain_text("Thank you.")
    expect(log(wendy, "action", "Why")).to_contain_text(ANSWER)
    expect(log(wendy, "sent", "Why").first).to_be_visible()

    page.goto(sign_in(stack, page) + "broadcasts/")
    page.get_by_role("link", name="In writing").first.click()
    page.get_by_role("link", name="Metrics", exact=True).click()
    page.get_by_role("link", name="Responses", exact=True).click()
    expect(page.get_by_role("cell", name=ANSWER, exact=True)).to_have_count(1)


def test_an_address_that_is_none_and_a_number_that_is_none_are_not_sent(
    stack: dict[str, Any], browser: Browser
) -> None:
    def asking(format: str, to: str) -> dict[str, Any]:
        action = WHY | {"id": format, "name": f"Given {format}", "behaviour": {"kind": "step", "value": to}}
        return {"kind": "input", "id": f"b-{format}", "format": format, "action": action}

    offer(
        stack,
        "Formats",
        {
            "steps": [
                {"id": "s1", "blocks": [text("t1", "<p>Your address?</p>"), asking("email", "s2")]},
                {"id": "s2", "blocks": [text("t2", "<p>How many?</p>"), asking("number", "s3")]},
                {"id": "s3", "blocks": [text("t3", "<p>Thank you.</p>")]},
            ]
        },
        "fred",
        only=True,
    )
    fred = be(stack, browser, "fred")
    address = message_on(fred).get_by_role("textbox", name="Your address?")
    address.fill("fred at home", timeout=30_000)
    address.press("Enter")
    expect(message_on(fred).get_by_role("alert")).to_contain_text("Write an e-mail address")
    expect(log(fred, "action", "Given email")).to_have_count(0)
    address.fill("fred@example.org")
    address.press("Enter")
    number = message_on(fred).get_by_role("spinbutton", name="How many?")
    number.press_sequentially("12e")
    number.press("Enter")
    expect(message_on(fred).get_by_role("alert")).to_contain_text("Write a number")
    number.fill("12.5")
    number.press("Enter")
    expect(message_on(fred)).to_contain_text("Thank you.")
    expect(log(fred, "action", "Given number")).to_contain_text("12.5")
