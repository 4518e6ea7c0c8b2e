"""Every kind of block, whatever kinds there are, in the editor: added, set up, drawn in the preview."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from messaging.blocks import KINDS
from tests.journeys.site import Site
from tests.journeys.test_axe import AXE, at_every_width
from tests.journeys.test_editor import new_message, preview, state

CONTENT = {"steps": [{"id": "s1", "blocks": [{"kind": "text", "id": "b1", "html": "<p>Hello</p>"}]}]}
ANYWHERE = {"Access-Control-Allow-Origin": "*"}
pytestmark = pytest.mark.journey


def test_every_kind_of_block_is_added_by_keyboard_and_drawn(stack: dict[str, Any], page: Page) -> None:
    new_message(stack, page, "Every kind")
    there = page.locator("#structure .block").count()
    objections = []
    for number, kind in enumerate(KINDS, 1):
        adder = page.locator(f"[data-test=add-{kind}]")
        label = adder.inner_text().removeprefix("+ ")
        adder.press("Enter")
        expect(page.locator("#structure .block")).to_have_count(there + number)
        expect(page.locator("#structure .selected")).to_contain_text(label)
        expect(page.locator("#inspector h2").first).to_have_text(label)
        objections += at_every_width(page)
        for address in page.locator("#inspector [type=url]").all():
            address.fill("/static/img/favicon.svg")
    expect(preview(page).locator("[data-block]")).to_have_count(there + len(KINDS))
    for frame in page.frames:
        frame.evaluate(AXE)  # it looks into the preview as well
    objections += at_every_width(page)
    assert objections == [], "\n".join(dict.fromkeys(objections))
    expect(state(page)).to_contain_text("Saved")
    page.locator("[data-test=publish]").click()
    expect(state(page)).to_contain_text("Published v1")


HOST = """<ol></ol><iframe sandbox="allow-scripts" src="%s/renderer/index.html"></iframe><script>
const [said] = document.getElementsByTagName("ol"), [frame] = document.getElementsByTagName("iframe");
addEventListener("message", ({ data }) => {
  said.append(Object.assign(document.createElement("li"), { textContent: data.gist.method }));
});
frame.onload = () => frame.contentWindow.postMessage({ options: { deliveryId: "d1" } }, "*");
</script>"""


def test_a_kind_that_cannot_be_loaded_is_told_in_place_of_half_a_message(
    stack: dict[str, Any], page: Page, site: Site
) -> None:
    page.route("**/blocks/button.js", lambda route: route.abort())
    page.route("**/renderer/content/*", lambda route: route.fulfill(json=CONTENT, headers=ANYWHERE))
    site.open(page, HOST % stack["url"])
    expect(page.locator("li")).to_have_text(["bootstrapped", "error"])
    expect(page.frame_locator("iframe").locator("#message")).to_be_empty()


def test_an_editor_without_one_of_its_kinds_says_so(stack: dict[str, Any], page: Page) -> None:
    new_message(stack, page, "Cut off")
    page.route("**/blocks/button.js", lambda route: route.abort())
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("could not be loaded: reload the page")
    page.unroute("**/blocks/button.js")
    page.reload()
    expect(preview(page)).to_contain_text("Say it in a sentence.")
