"""Every page of the console, as a phone and as a desk shows it, has nothing that axe-core objects to."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Browser, Frame, Page, Response, expect

from tests.journeys.app import PATIENCE, button, offer, text
from tests.journeys.test_story import be, sign_in
from tests.stacks import ROOT

pytestmark = pytest.mark.journey
AXE = (ROOT / "node_modules/axe-core/axe.min.js").read_text()
# All rules but those of WCAG's level AAA, experimental ones too.
RUN = """async () => {
    const runOnly = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "experimental"];
    const rules = { "label-content-name-mismatch": { enabled: true }, "target-size": { enabled: true } };
    const { violations } = await axe.run(document, { runOnly, rules, resultTypes: ["violations"], iframes: true });
    return violations.flatMap(({ id, impact, nodes }) => nodes.map(({ html }) => `${id} (${impact}): ${html}`));
}"""
WIDTHS = (1280, 390)
HEAVY = {"console:dashboard", "messaging:message", "messaging:segment_new", "tracking:metrics"}
HEAVIEST = 150  # kilobytes of a first visit, compressed
NOT_OURS = ("admin:", "docs", "schema", "tracking:responses_csv")  # pages of packages, and a file


def objections(place: Page | Frame) -> list[str]:
    place.evaluate(AXE)
    found: list[str] = place.evaluate(RUN)
    return found


def weigh(page: Page, url: str) -> int:
    """Kilobytes of everything that a first visit fetches, compressed as gzip does."""
    bodies: list[Response] = []
    fresh = page.context.browser.new_context(storage_state=page.context.storage_state()).new_page()  # type: ignore[union-attr]
    fresh.on("response", lambda answer: bodies.append(answer))
    fresh.goto(url)
    expect(fresh.locator(".htmx-request")).to_have_count(0, timeout=PATIENCE * 1000)
    weight = sum(len(gzip.compress(answer.body())) for answer in bodies if answer.ok)
    fresh.context.close()
    return weight // 1000


def at_every_width(page: Page) -> list[str]:
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        found += [f"{width}px {page.url} {one[:300]}" for one in objections(page)]
    page.set_viewport_size({"width": WIDTHS[0], "height": 800})
    return found


def name_of(url: str) -> str | None:
    try:
        return resolve(urlsplit(url).path).view_name
    except Resolver404:
        return None


def links(page: Page) -> list[str]:
    found: list[str] = page.eval_on_selector_all("a[href]", "(all) => all.map((one) => one.href.split('#')[0])")
    return found


def pages(page: Page, start: str) -> Iterator[str | None]:
    """One page of each kind that links lead to, the browser being on it."""
    origin = re.match(r"https?://[^/]+", start)
    assert origin
    ahead, seen = [start], set()
    while ahead:
        url = ahead.pop(0)
        name = name_of(url)
        if not url.startswith(origin[0]) or name is None or name in seen or name.startswith(NOT_OURS):
            continue
        seen.add(name)
        page.goto(url)
        expect(page.locator(".htmx-request")).to_have_count(0, timeout=PATIENCE * 1000)
        ahead += links(page)
        yield name


DRAWN = {
    "steps": [
        {
            "id": "s1",
            "blocks": [
                text("t1", "<h3>Join the <code>beta</code>?</h3><p>With <a href='https://example.com'>a link</a>.</p>"),
                button("yes", "Yes", "custom", "yes"),
                button("no", "No", "dismiss", style="secondary"),
                {"kind": "rating", "id": "r1", "scale": "stars", "action": {"id": "stars", "name": "Stars"}},
                {"kind": "rating", "id": "r2", "scale": "emoji", "action": {"id": "faces", "name": "Faces"}},
                {"kind": "rating", "id": "r3", "low": "Bad", "scale": "nps", "action": {"id": "nps", "name": "NPS"}},
                {"kind": "choice", "id": "c1", "options": [{"id": "one", "text": "One", "name": "One"}]},
                text("t2", "<h4>A small heading</h4><p>And a word.</p>"),
            ],
        },
        {"id": "s2", "blocks": [text("t3", "<h4>Thanks</h4>")]},
    ]
}


@pytest.mark.parametrize("display", ["modal", "banner", "inline"])
def test_no_message_is_objected_to(stack: dict[str, Any], browser: Browser, display: str) -> None:
    person, place = f"axe-{display}", {"type": display, "position": "top", "selector": "#earshot-inline"}
    offer(stack, f"For {person}", DRAWN | {"display": place}, person)
    page = be(stack, browser, person)
    expect(page.frame_locator("iframe[title]").get_by_role("button", name="Yes")).to_be_visible()
    for frame in page.frames:
        frame.evaluate(AXE)
    found = at_every_width(page)
    assert found == [], "\n".join(dict.fromkeys(found))


def test_no_page_of_the_console_is_objected_to_or_heavy(stack: dict[str, Any], page: Page) -> None:
    found = []
    for path in ("accounts/login/", "accounts/signup/", "accounts/password/reset/", "nowhere/", "problems/"):
        page.goto(f"{stack['url']}/{path}")
        found += at_every_width(page)
    home = sign_in(stack, page)
    weights: dict[str, int] = {}
    for name in pages(page, home):
        if name in HEAVY:
            weights[name] = weigh(page, page.url)
        found += at_every_width(page)
        if name == "messaging:message":
            for part in page.locator("#structure .part-name").all():
                part.click()
                found += at_every_width(page)
    assert set(weights) == HEAVY
    assert found == [], "\n".join(dict.fromkeys(found))
    assert {name: weight for name, weight in weights.items() if weight >= HEAVIEST} == {}
