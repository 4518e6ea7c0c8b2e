"""The whole loop, as a newcomer lives it: write a microsurvey, send it, answer it, see the responses."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

pytestmark = pytest.mark.journey


def sign_in(stack: dict[str, Any], page: Page) -> str:
    """Gives the address of the demo workspace."""
    page.goto(stack["url"] + "/")
    page.get_by_label("Email").fill(stack["login"]["email"])
    page.get_by_label("Password", exact=True).fill(stack["login"]["password"])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()
    return page.url


def be(stack: dict[str, Any], browser: Browser, person: str) -> Page:
    """Somebody in the sample app, in a browser of their own."""
    page = browser.new_context().new_page()
    page.goto(stack["url"] + "/sample/")
    page.get_by_label("A person's id").fill(person)
    page.get_by_role("button", name="Sign in as").click()
    expect(page.locator("#who")).to_have_text(f"Signed in as {person}")
    return page


def message_on(page: Page) -> Locator:
    """The step that is drawn, once it takes taps."""
    return page.frame_locator("dialog iframe").locator("[data-ready]")


def log(page: Page, kind: str, text: str) -> Locator:
    """The sample app's log: what listeners heard ("action"), what was reported ("sent")."""
    return page.locator("#log li", has=page.locator(f".is-{kind}"), has_text=text)


def meet(stack: dict[str, Any], browser: Browser, page: Page, home: str, *people: str) -> None:
    """They visit once, so that Earshot knows them."""
    for person in people:
        expect(log(be(stack, browser, person), "sent", "identify").first).to_be_visible()
    for person in people:
        for _ in range(20):
            page.goto(f"{home}people/?q={person}")
            if page.get_by_role("link", name=person).count():
                break
            page.wait_for_timeout(500)
        expect(page.get_by_role("link", name=person).first).to_be_visible()


def field(page: Page, name: str) -> Locator:
    return page.locator(f"#inspector [data-test={name}]")


def part(page: Page, label: str, nth: int = 0) -> Locator:
    return page.locator("#structure .part-name", has_text=label).nth(nth)


def write_survey(page: Page, home: str, name: str) -> None:
    """Two questions; one button named by the campaign or broadcast, one that is not tracked."""
    page.goto(home + "messages/new/")
    page.get_by_label("Name").fill(name)
    page.locator("[data-test=create-message]").click()
    expect(page.frame_locator("#preview").get_by_text("Say it in a sentence.")).to_be_visible()

    part(page, "Button").click()
    field(page, "action-text").fill("$properties.button_text")
    expect(field(page, "action-name")).to_have_value("$properties.button_text")

    page.locator("[data-test=add-button]").first.click()
    field(page, "action-text").fill("Read more")
    expect(field(page, "track-clicks")).to_be_checked()
    field(page, "track-clicks").uncheck()
    field(page, "behaviour").select_option("custom")
    field(page, "behaviour-value").fill("read_more")

    page.locator("[data-test=add-step]").click()
    page.locator("[data-test=add-rating]").last.click()
    field(page, "scale").select_option("nps")
    field(page, "action-name").fill("NPS")

    part(page, "Button").click()
    field(page, "behaviour").select_option("step")
    field(page, "behaviour-step").select_option(index=1)
    page.locator("[data-test=publish]").click()
    expect(page.locator("[data-test=published]")).to_contain_text("Version 1 is published")


def row(page: Page, name: str) -> Locator:
    return page.locator("table.responses tr", has=page.locator(f"th[scope=row]:has-text('{name}')"))


def total(page: Page, name: str) -> Locator:
    return row(page, name).locator("td.num").first


def test_a_survey_is_broadcast_answered_and_counted(stack: dict[str, Any], browser: Browser, page: Page) -> None:
    home = sign_in(stack, page)
    meet(stack, browser, page, home, "maya", "noor")
    write_survey(page, home, "Beta survey")

    page.goto(home + "broadcasts/new/")
    page.get_by_label("Name").fill("Beta, by broadcast")
    page.get_by_label("Message", exact=True).select_option(label="Beta survey")
    page.get_by_label("button_text").fill("Count me in")
    page.get_by_role("button", name="Save and review").click()
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Send now").click()
    expect(page.get_by_text("Finished").first).to_be_visible(timeout=30_000)
    metrics = page.url.rstrip("/") + "/metrics/"

    maya = be(stack, browser, "maya")
    message_on(maya).get_by_role("button", name="Read more").click(timeout=30_000)
    message_on(maya).get_by_role("button", name="Count me in").click()
    expect(message_on(maya).get_by_role("radio").first).to_be_visible()
    expect(log(maya, "action", "Read more")).to_have_count(1)
    expect(log(maya, "action", "Count me in")).to_have_count(1)
    expect(log(maya, "sent", "Count me in")).to_have_count(1)
    expect(log(maya, "sent", "Read more")).to_have_count(0)

    noor = be(stack, browser, "noor")
    message_on(noor).get_by_role("button", name="Close").click(timeout=30_000)
    expect(log(noor, "action", "Dismissed")).to_have_count(1)
    expect(log(noor, "sent", "Dismissed").first).to_be_visible()

    page.goto(metrics)
    expect(total(page, "Count me in")).to_have_text("1")
    expect(total(page, "Dismissed")).to_have_text("1")
    for point in range(11):
        expect(total(page, f"NPS {point}").first).to_have_text("0")
    expect(row(page, "Read more")).to_have_count(0)


def test_an_event_triggers_a_campaign_and_its_answer_is_counted(
    stack: dict[str, Any], browser: Browser, page: Page
) -> None:
    home = sign_in(stack, page)
    write_survey(page, home, "Survey after sharing")
    page.goto(home + "campaigns/new/")
    page.get_by_label("Name").fill("After sharing")
    page.get_by_label("Trigger event").fill("note_shared")
    page.get_by_label("Message", exact=True).select_option(label="Survey after sharing")
    page.get_by_label("button_text").fill("Yes, please")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_text("Running").first).to_be_visible()
    metrics = page.url.rstrip("/") + "/metrics/"

    zoe = be(stack, browser, "zoe")
    zoe.get_by_label("Any other event").fill("note_shared")
    zoe.get_by_role("button", name="Track", exact=True).click()
    message_on(zoe).get_by_role("button", name="Yes, please").click(timeout=30_000)
    message_on(zoe).get_by_role("radio", name="9", exact=True).click()
    expect(log(zoe, "sent", "NPS 9").first).to_be_visible()

    page.goto(metrics)
    expect(total(page, "Yes, please")).to_have_text("1")
    expect(total(page, "NPS 9")).to_have_text("1")
    expect(total(page, "NPS 8")).to_have_text("0")
    expect(total(page, "Dismissed")).to_have_text("0")
    expect(row(page, "Read more")).to_have_count(0)
