"""Several answers chosen at once, one of them in words, from the person who answers to the pages that count them."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.app import offer, text
from tests.journeys.test_story import be, log, message_on, sign_in, total

pytestmark = pytest.mark.journey
NAMES = {"a": "Price", "b": "Speed", "c": "Other"}
OPTIONS = [
    {"id": key, "text": name, "name": name, "behaviour": {"kind": "custom", "value": "choose"}}
    for key, name in NAMES.items()
]
SEND = {"id": "send", "text": "Send", "name": "Sent", "behaviour": {"kind": "step", "value": "s3"}}
ASK = {"kind": "multiple", "id": "m", "action": SEND, "options": OPTIONS, "other": "c", "most": 2}
DRAFT = {
    "steps": [
        {
            "id": "s1",
            "name": "Reasons",
            "blocks": [text("t1", "<p>What should we work on?</p>"), ASK],
            "branches": [{"question": "m", "answers": ["b"], "to": "s2"}],
        },
        {"id": "s2", "blocks": [text("t2", "<p>We will be faster.</p>")]},
        {"id": "s3", "blocks": [text("t3", "<p>Thank you.</p>")]},
    ]
}


def test_two_answers_and_a_text_are_sent_counted_and_read(stack: dict[str, Any], browser: Browser, page: Page) -> None:
    offer(stack, "Several reasons", DRAFT, "mona", "mick", only=True)
    mona = be(stack, browser, "mona")
    asked = message_on(mona).get_by_role("group", name="What should we work on?")
    expect(asked).to_be_visible(timeout=30_000)
    send = message_on(mona).get_by_role("button", name="Send")
    send.click()
    expect(message_on(mona).get_by_role("alert")).to_have_text("Choose at least 1 answer.")
    for name in ("Speed", "Other"):
        asked.get_by_role("checkbox", name=name).press("Space")
    asked.get_by_role("textbox", name="Other").fill("A pony, & <b>two</b>")
    expect(log(mona, "action", "Speed")).to_have_count(0)
    send.click()
    expect(message_on(mona)).to_contain_text("We will be faster.")
    for name in ("Speed", "Other", "Sent"):
        expect(log(mona, "sent", name).first).to_be_visible()

    mick = be(stack, browser, "mick")
    message_on(mick).get_by_role("checkbox", name="Price").check(timeout=30_000)
    message_on(mick).get_by_role("button", name="Send").click()
    expect(message_on(mick)).to_contain_text("Thank you.")
    expect(log(mick, "sent", "Sent").first).to_be_visible()

    page.goto(sign_in(stack, page) + "broadcasts/")
    page.get_by_role("link", name="Several reasons").first.click()
    page.goto(page.url.rstrip("/") + "/metrics/")
    for name, count in (("Price", 1), ("Speed", 1), ("Other", 1), ("Sent", 2)):
        expect(total(page, name).first).to_have_text(str(count))
    page.get_by_role("link", name="Responses", exact=True).click()
    expect(page.get_by_role("cell", name="A pony, & <b>two</b>", exact=True)).to_have_count(1)
