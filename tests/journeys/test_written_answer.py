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
