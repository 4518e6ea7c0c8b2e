"""A score that leads to a question of its own: built from the gallery and from blank, answered, read back."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from messaging.messages.gallery import draft_of
from tests.journeys.app import offer
from tests.journeys.test_axe import at_every_width
from tests.journeys.test_editor import preview
from tests.journeys.test_story import be, field, log, message_on, part, row, sign_in, total

pytestmark = pytest.mark.journey
COUNT = "addEventListener('click', ({ isTrusted, detail }) => isTrusted && detail && window.clicked(), true)"


@pytest.fixture
def clicks(page: Page) -> list[int]:
    """One for each click that a hand makes, in whatever page."""
    found: list[int] = []
    page.expose_function("clicked", lambda: found.append(1))
    page.add_init_script(COUNT)
    return found


def published(page: Page) -> None:
    page.locator("[data-test=publish]").click()
    expect(page.locator("[data-test=published]")).to_contain_text("Version 1 is published")


def test_from_the_gallery_it_takes_a_few_clicks(stack: dict[str, Any], page: Page, clicks: list[int]) -> None:
    home = sign_in(stack, page)
    clicks.clear()
    page.goto(home + "messages/new/")
    page.get_by_label("Name").fill("NPS from the gallery")
    page.get_by_text("NPS with follow-ups").click()
    page.locator("[data-test=create-message]").click()
    expect(preview(page).get_by_role("radio", name="3", exact=True)).to_be_visible()
    expect(preview(page).get_by_role("img", name="Step 1 of 3")).to_be_visible()
    published(page)
    assert len(clicks) <= 20

    preview(page).locator("[data-ready]").get_by_role("radio", name="3", exact=True).click()
    expect(preview(page).get_by_text("What was missing for you?")).to_be_visible()


def test_from_blank_it_takes_at_most_35_clicks(stack: dict[str, Any], page: Page, clicks: list[int]) -> None:
    home = sign_in(stack, page)
    clicks.clear()
    page.goto(home + "messages/new/")
    page.get_by_label("Name").fill("NPS from blank")
    page.locator("[data-test=create-message]").click()
    part(page, "Button").click()
    page.get_by_role("button", name="Delete").click()
    page.locator("[data-test=add-rating]").click()
    field(page, "scale").select_option("nps")
    for question in ("What was missing?", "Would you write a review?"):
        page.locator("[data-test=add-step]").click()
        page.locator("[data-test=add-text]").last.click()
        page.keyboard.type(question)
        page.locator("[data-test=add-input]" if "missing" in question else "[data-test=add-button]").last.click()
    part(page, "Rating").click()
    field(page, "behaviour").select_option("step")
    field(page, "behaviour-step").select_option(index=2)
    part(page, "Step 1").click()
    page.locator("[data-test=add-branch]").click()
    branch = page.locator("[data-test=branch-1]")
    branch.get_by_role("button", name="Detractors, 0 to 6").click()
    branch.locator("[data-test=branch-to]").select_option(index=0)
    expect(branch.get_by_role("checkbox", checked=True)).to_have_count(7)
    published(page)
    assert len(clicks) <= 35

    preview(page).locator("[data-ready]").get_by_role("radio", name="10", exact=True).click()
    expect(preview(page).get_by_text("Would you write a review?")).to_be_visible()
    part(page, "Step 1").click()
    preview(page).locator("[data-ready]").get_by_role("radio", name="0", exact=True).click()
    expect(preview(page).get_by_text("What was missing?")).to_be_visible()


def test_a_branch_is_set_up_by_keyboard_alone(stack: dict[str, Any], page: Page) -> None:
    home = sign_in(stack, page)
    page.goto(home + "messages/new/")
    page.get_by_label("Name").fill("NPS by keyboard")
    page.get_by_text("NPS with follow-ups").click()
    page.locator("[data-test=create-message]").click()
    part(page, "Score").press("Enter")
    assert at_every_width(page) == []
    last = page.locator("[data-test=branch-3]")
    last.locator("[data-test=branch-to]").select_option(label="End of the message")
    expect(page.locator("#inspector").get_by_text("is gone")).to_have_count(0)
    expect(last.locator("[data-test=branch-to]")).to_have_value("")
    last.get_by_role("button", name="All but these").press("Enter")
    expect(last.get_by_role("checkbox", checked=True)).to_have_count(9)
    expect(last.get_by_role("checkbox", name="8")).to_be_checked()
    last.get_by_role("button", name="All but these").press("Enter")
    expect(last.get_by_role("checkbox", checked=True)).to_have_count(2)
    last.get_by_role("checkbox", name="9").press("Space")
    last.get_by_role("checkbox", name="10").press("Space")
    told = "Branch 3: it has no answer. Choose one at least."
    expect(page.locator("#inspector").get_by_text(told)).to_be_visible()
    last.get_by_role("button", name="Delete: branch 3").press("Enter")
    expect(page.locator("#inspector fieldset")).to_have_count(2)
    expect(page.locator("#inspector").get_by_text(told)).to_have_count(0)
    expect(page.locator("#structure").get_by_text("2 branches")).to_be_visible()


def test_a_detractor_says_why_and_a_promoter_is_led_to_a_review(
    stack: dict[str, Any], browser: Browser, page: Page
) -> None:
    offer(stack, "Branching NPS", draft_of("nps-why"), "dora", "petra", only=True)
    dora = be(stack, browser, "dora")
    message_on(dora).get_by_role("radio", name="4", exact=True).click(timeout=30_000)
    expect(message_on(dora)).to_contain_text("What was missing for you?")
    message_on(dora).get_by_role("textbox").fill("It is slow")
    message_on(dora).get_by_role("button", name="Send").click()
    expect(message_on(dora)).to_contain_text("Thank you!")
    expect(log(dora, "sent", "Why not").first).to_be_visible()

    petra = be(stack, browser, "petra")
    message_on(petra).get_by_role("radio", name="10, Extremely likely").click(timeout=30_000)
    review = message_on(petra).get_by_role("button", name="Write a review")
    expect(review).to_be_visible()
    petra.context.route("https://example.com/**", lambda route: route.fulfill(body="A review"))
    review.click()
    expect(petra).to_have_url("https://example.com/review")

    page.goto(sign_in(stack, page) + "broadcasts/")
    page.get_by_role("link", name="Branching NPS").first.click()
    page.goto(page.url.rstrip("/") + "/metrics/")
    for name in ("NPS 4", "NPS 10", "Why not", "Write a review"):
        expect(total(page, name).first).to_have_text("1")
    expect(total(page, "What would help")).to_have_text("0")
    expect(row(page, "NPS 4").first).to_be_visible()
    page.get_by_role("link", name="Responses", exact=True).click()
    expect(page.get_by_role("cell", name="It is slow", exact=True)).to_have_count(1)


def test_a_branch_to_the_end_closes_the_message_and_is_counted(
    stack: dict[str, Any], browser: Browser, page: Page
) -> None:
    draft = draft_of("nps-why")
    draft["steps"][0]["branches"][2]["to"] = ""
    offer(stack, "NPS that ends", draft, "emil", only=True)
    emil = be(stack, browser, "emil")
    message_on(emil).get_by_role("radio", name="10, Extremely likely").click(timeout=30_000)
    expect(log(emil, "sent", "NPS").first).to_be_visible()
    expect(emil.locator("dialog")).to_have_count(0)

    page.goto(sign_in(stack, page) + "broadcasts/")
    page.get_by_role("link", name="NPS that ends").first.click()
    page.goto(page.url.rstrip("/") + "/metrics/")
    expect(total(page, "NPS 10").first).to_have_text("1")
