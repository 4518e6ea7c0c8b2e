"""The editor at its edges: a session that ends, a keyboard, somebody who may only look."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.test_story import field, part, sign_in

pytestmark = pytest.mark.journey


def new_message(stack: dict[str, Any], page: Page, name: str) -> None:
    page.goto(sign_in(stack, page) + "messages/new/")
    page.get_by_label("Name").fill(name)
    page.locator("[data-test=create-message]").click()
    expect(preview(page)).to_contain_text("Say it in a sentence.")


def preview(page: Page) -> Locator:
    return page.frame_locator("#preview").locator("#message")


def state(page: Page) -> Locator:
    return page.locator("#save-state")


def test_edits_outlive_a_session_and_a_reload(stack: dict[str, Any], page: Page) -> None:
    new_message(stack, page, "Outlives")
    page.on("dialog", lambda dialog: dialog.accept())
    cookies = page.context.cookies()
    page.context.clear_cookies(name="sessionid")
    part(page, "Button").click()
    field(page, "action-text").fill("Written without a session")
    expect(state(page)).to_contain_text("your session has ended")
    editor = page.url
    page.reload()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    page.context.add_cookies([cookie for cookie in cookies if cookie["name"] == "sessionid"])  # type: ignore[misc]
    page.goto(editor)
    expect(state(page)).to_contain_text("Saved")
    expect(preview(page)).to_contain_text("Written without a session")
    page.reload()
    expect(preview(page)).to_contain_text("Written without a session")


def test_who_signs_in_again_in_another_tab_goes_on_in_this_one(stack: dict[str, Any], page: Page) -> None:
    new_message(stack, page, "Goes on")
    page.context.clear_cookies()
    part(page, "Button").click()
    field(page, "action-text").fill("Kept")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in again").click()
    other = opened.value
    other.get_by_label("Email").fill(stack["login"]["email"])
    other.get_by_label("Password", exact=True).fill(stack["login"]["password"])
    other.get_by_role("button", name="Sign in").click()
    expect(other.get_by_role("heading", name="Goes on")).to_be_visible()
    other.close()
    page.get_by_role("button", name="I have signed in: save").click()
    expect(state(page)).to_contain_text("Saved")


def test_a_text_is_written_and_formatted_by_keyboard(stack: dict[str, Any], page: Page) -> None:
    new_message(stack, page, "By keyboard")
    page.locator("[data-test=add-text]").first.press("Enter")
    box = page.locator("[data-test=rich-text]")
    expect(box).to_be_focused()
    page.keyboard.type("Hello world")
    expect(box).to_have_text("Hello world")
    page.keyboard.press("Control+Shift+ArrowLeft")
    page.get_by_role("button", name="Italic").press("Enter")
    expect(box.locator("i")).to_have_text("world")
    expect(preview(page).locator("i")).to_have_text("world")

    page.locator("[data-test=add-button]").first.press("Enter")
    expect(preview(page)).to_contain_text("Tell me more")
    page.locator("#structure").get_by_role("button", name="Button", exact=False).first.focus()
    page.keyboard.press("Control+z")
    expect(preview(page)).not_to_contain_text("Tell me more")
    page.keyboard.press("Control+y")
    expect(preview(page)).to_contain_text("Tell me more")


def test_the_preview_says_when_nobody_has_that_id(stack: dict[str, Any], page: Page) -> None:
    new_message(stack, page, "As nobody")
    page.get_by_label("As person").fill("nobody-at-all")
    expect(page.locator("#person-said")).to_contain_text("Nobody here has the id “nobody-at-all”")
    page.get_by_label("As person").fill("")
    expect(page.locator("#person-said")).to_be_hidden()


def test_a_part_of_a_page_says_that_the_session_has_ended(stack: dict[str, Any], page: Page) -> None:
    page.goto(sign_in(stack, page) + "segments/new/")
    page.context.clear_cookies()
    page.get_by_role("button", name="Add a rule").click()
    expect(page.locator("#flashes")).to_contain_text("Your session has ended")
    expect(page.locator("#rules")).to_be_empty()
