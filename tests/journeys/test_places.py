"""Where messages stand, when they count as seen, and pages that take them away."""

from __future__ import annotations

import json
import ssl
import subprocess
import threading
from http.server import HTTPServer
from pathlib import Path
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.journeys import app
from tests.journeys.app import button, text, until
from tests.journeys.site import Answer, Site, ready

pytestmark = pytest.mark.journey

PAGE = """<!doctype html><html lang="{lang}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>An app</title>
<script src="{url}/static/sdk/earshot.js" data-write-key="{key}"></script>
<script>
  const told = (sessionStorage.told ||= "[]") && JSON.parse(sessionStorage.told);
  const tell = (...one) => {{ told.push(one); sessionStorage.told = JSON.stringify(told); }};
  for (const event of ["opened", "dismissed", "error"])
    earshot.on(event, ({{ reason, error }}) => tell(event, reason ?? error ?? null));
  earshot.on("report", ({{ properties, event }}) => event && tell("report", properties));
  earshot.identify("{person}");
</script>{body}"""
TALL = "<p>" + "A line of a very long letter.<br>" * 200 + "</p>"
LETTER = {"steps": [{"id": "s1", "blocks": [button("read", "Read", "custom", "read"), text("t", TALL)]}]}
STRIP = {"steps": [{"id": "s1", "blocks": [text("t", "<p>Sale</p>"), button("see", "See", "custom", "see")]}]}
CARD = {"steps": [{"id": "s1", "blocks": [text("t", "<h2>Hello</h2>"), button("go", "Go", "custom", "go")]}]}
NEXT = {"steps": [{"id": "s1", "blocks": [text("t", "<h2>Second</h2>"), button("ok", "OK", "dismiss")]}]}
LATER = {"steps": [{"id": "s1", "blocks": [text("t", "<h2>Busy?</h2>"), button("z", "Later", "snooze", "5")]}]}
ARABIC = {
    "steps": [
        {
            "id": "s1",
            "blocks": [
                text(
                    "t",
                    "<h2>كيف كانت تجربتك؟</h2><p>أخبرنا برأيك في Earshot 2.0.</p><ul><li>سريع</ul>",
                ),
                {
                    "kind": "choice",
                    "id": "c",
                    "options": [
                        {"id": f"o{n}", "text": words, "name": words, "behaviour": {"kind": "custom", "value": "x"}}
                        for n, words in enumerate(["ممتازة", "جيدة!", "بحاجة إلى تحسين"])
                    ],
                },
                {
                    "kind": "rating",
                    "id": "r",
                    "scale": "stars",
                    "low": "سيئ",
                    "high": "رائع",
                    "action": {"id": "stars", "name": "Stars", "behaviour": {"kind": "custom", "value": "x"}},
                },
                button("yes", "إرسال", "custom", "x"),
                button("no", "لاحقا", "custom", "x"),
            ],
        }
    ]
}


@pytest.fixture(scope="session", autouse=True)
def offered(stack: dict[str, Any]) -> None:
    """Once, though pytest runs tests with and without the `browser` parameter apart, with other files between them."""

    def offer(name: str, draft: dict[str, Any], *people: str) -> None:
        app.offer(stack, name, draft, *people, only=True)

    inline = {"type": "inline", "selector": "#here"}
    offer("Letter", LETTER | {"display": inline}, "tall", "hidden")
    offer("Strip", STRIP | {"display": {"type": "banner"}}, "behind", "covered", "swap-banner")
    offer("Card", CARD, "swap", "back", "blocked", "secure", "phone")
    offer("Later", LATER, "later")
    offer("Arabic", ARABIC, "arabic")
    offer("Next", NEXT | {"display": {"type": "banner"}}, "led")
    with psycopg.connect(stack["database_url"]) as log:
        [second] = log.execute("SELECT id FROM messaging_message WHERE name = 'Next'").fetchall()
    led = button("on", "On", "message", str(second[0]))
    offer("First", {"steps": [{"id": "s1", "blocks": [text("t", "<h2>First</h2>"), led]}]}, "led")


def html(stack: dict[str, Any], person: str, body: str = "<p>A page</p>", lang: str = "en") -> str:
    return PAGE.format(url=stack["url"], key=stack["write_key"], person=person, body=body, lang=lang)


def told(page: Page, kind: str) -> list[Any]:
    return [what for which, what in json.loads(page.evaluate("sessionStorage.told")) if which == kind]


def metrics(page: Page) -> list[str]:
    return [report["metric"] for report in told(page, "report")]


def test_a_message_taller_than_the_screen_is_opened_when_it_fills_half_of_it(
    stack: dict[str, Any], site: Site, page: Page
) -> None:
    site.open(page, html(stack, "tall", '<div style="height:120vh"></div><div id="here"></div>'))
    frame = page.frame_locator("#here iframe")
    expect(frame.locator("[data-ready]")).to_be_attached(timeout=20_000)
    height = page.locator("#here iframe").evaluate("(frame) => frame.clientHeight")
    assert height > 3 * page.evaluate("innerHeight")
    page.wait_for_timeout(700)
    assert metrics(page) == []
    page.evaluate("scrollTo(0, innerHeight * 0.9)")
    until(page, lambda: metrics(page) == ["opened"], "the opening")
    frame.get_by_role("button", name="Read").click()
    until(page, lambda: metrics(page) == ["opened", "clicked"], "the tap")
    assert 0 <= told(page, "report")[1]["seconds"] < 60


def test_a_place_that_is_hidden_is_told_to_the_app(stack: dict[str, Any], site: Site, page: Page) -> None:
    site.open(page, html(stack, "hidden", '<div hidden><div id="here"></div></div>'))
    until(page, lambda: told(page, "error"), "the word")
    assert told(page, "error") == ['Its place "#here" is hidden.']
    assert metrics(page) == []
    page.evaluate("document.querySelector('[hidden]').hidden = false")
    until(page, lambda: metrics(page) == ["opened"], "the opening")


@pytest.mark.parametrize(
    ("person", "cover", "uncover"),
    [
        ("behind", "document.querySelector('dialog').showModal()", "document.querySelector('dialog').close()"),
        ("covered", "cover.style.display = 'block'", "cover.style.display = 'none'"),
    ],
)
def test_a_banner_behind_something_of_the_page_is_not_opened(
    stack: dict[str, Any], site: Site, page: Page, person: str, cover: str, uncover: str
) -> None:
    body = """<dialog>Terms</dialog>
        <div id="cover" style="display:none;position:fixed;inset:0;z-index:2147483647;background:#fff"></div>"""
    site.open(page, html(stack, person, body + f"<script>{cover}</script>"))
    expect(page.frame_locator("section iframe").locator("[data-ready]")).to_be_attached(timeout=20_000)
    page.wait_for_timeout(1000)
    assert metrics(page) == []
    page.evaluate(uncover)
    until(page, lambda: metrics(page) == ["opened"], "the opening")


@pytest.mark.parametrize("person", ["swap", "swap-banner"])
def test_a_framework_that_swaps_the_body_opens_nothing_twice(
    stack: dict[str, Any], site: Site, page: Page, person: str
) -> None:
    site.open(page, html(stack, person))
    until(page, lambda: metrics(page) == ["opened"], "the opening")
    page.evaluate("document.querySelector('earshot-message').dataset.first = 'yes'")
    page.evaluate("document.body.replaceWith(Object.assign(document.createElement('body'), { innerHTML: '<p>Next' }))")
    expect(page.locator("earshot-message:not([data-first])")).to_have_count(1)
    expect(page.locator("earshot-message")).to_have_count(1)
    expect(page.frame_locator("earshot-message iframe").locator("[data-ready]")).to_be_visible()
    page.wait_for_timeout(700)
    assert (told(page, "opened"), told(page, "dismissed"), metrics(page)) == ([None], [], ["opened"])


def test_a_modal_that_is_left_and_come_back_to_was_left_once(
    stack: dict[str, Any],
    site: Site,
    playwright: Playwright,
    browser_type_launch_args: dict[str, Any],
    browser_name: str,  # so that it runs among the others of this file: those after it write to everybody
) -> None:
    browser = playwright.chromium.launch(
        **browser_type_launch_args, ignore_default_args=["--disable-back-forward-cache"]
    )
    page = browser.new_page()
    try:
        site.open(page, html(stack, "back"))
        ready(page)
        page.evaluate("window.kept = true")
        page.wait_for_timeout(2200)
        page.goto(f"{stack['url']}/health")
        page.go_back(wait_until="commit")
        assert page.evaluate("window.kept"), "the browser kept no page"
        with page.expect_response("**/api/v4/users**"):
            page.evaluate("earshot.refresh()")
        page.wait_for_timeout(500)
        expect(page.locator("dialog")).to_have_count(0)
        assert told(page, "dismissed") == ["left"]
        assert [report.get("reason") for report in told(page, "report")] == [None, "left"]
    finally:
        browser.close()


def test_a_tap_leads_to_the_message_that_it_shows(stack: dict[str, Any], site: Site, page: Page) -> None:
    site.open(page, html(stack, "led"))
    page.evaluate("earshot.on('dismissed', () => 0)")
    ready(page).get_by_role("button", name="On").click()
    expect(page.frame_locator("section iframe").get_by_text("Second")).to_be_visible(timeout=15_000)
    page.wait_for_timeout(700)
    deliveries = [report["deliveryId"] for report in told(page, "report") if report["metric"] == "opened"]
    assert len(set(deliveries)) == len(deliveries) == 2


def test_a_tap_that_snoozes_says_so(stack: dict[str, Any], site: Site, page: Page) -> None:
    site.open(page, html(stack, "later"))
    ready(page).get_by_role("button", name="Later").click()
    expect(page.locator("dialog")).to_have_count(0)
    said = [(report["metric"], report.get("reason")) for report in told(page, "report")]
    assert said == [("opened", None), ("clicked", "snooze")]


def test_where_live_and_what_is_loaded_later_are_blocked_a_modal_is_shown(
    stack: dict[str, Any], site: Site, page: Page
) -> None:
    for blocked in ("**/more.js", "**/settings", "**/sse**"):
        page.route(blocked, lambda route: route.abort("blockedbyclient"))
    site.open(page, html(stack, "blocked"))
    ready(page).get_by_role("button", name="Go").click()
    until(page, lambda: metrics(page) == ["opened", "clicked"], "the tap")


def test_a_message_is_shown_on_a_page_with_tls(stack: dict[str, Any], tmp_path: Path, browser: Browser) -> None:
    """Of a loopback address, which browsers count as secure: what the page frames is not mixed content."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-keyout", tmp_path / "key.pem", "-out", tmp_path / "cert.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    server = Site(("127.0.0.1", 0), Answer)
    settings = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    settings.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    server.socket = settings.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=HTTPServer.serve_forever, args=[server], daemon=True).start()
    page = browser.new_page(ignore_https_errors=True)
    try:
        server.body = html(stack, "secure")
        page.goto(f"https://localhost:{server.server_port}/")
        assert page.evaluate("isSecureContext")
        ready(page).get_by_role("button", name="Go").click()
        until(page, lambda: metrics(page) == ["opened", "clicked"], "the tap")
    finally:
        page.close()
        server.shutdown()
        server.server_close()


def test_a_message_fits_a_phone(stack: dict[str, Any], site: Site, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 800}, is_mobile=True, has_touch=True)
    try:
        site.open(page, html(stack, "phone"))
        ready(page).get_by_role("button", name="Go").tap()
        until(page, lambda: metrics(page) == ["opened", "clicked"], "the tap")
        box = page.locator("dialog iframe").bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
    finally:
        page.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_arabic_is_laid_out_from_right_to_left(
    stack: dict[str, Any], site: Site, browser: Browser, width: int, tmp_path: Path
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    try:
        site.open(page, html(stack, "arabic", lang="ar"))
        frame = ready(page)
        card = frame.locator(".card")
        assert card.evaluate("(card) => getComputedStyle(card).direction") == "rtl"
        assert frame.locator("html").get_attribute("lang") == "ar"
        middle = card.evaluate("(card) => card.getBoundingClientRect().width / 2")
        for name, side in (("button.close", -1), (".dot >> nth=0", 1), (".point >> nth=0", 1), (".button >> nth=0", 1)):
            left = frame.locator(name).evaluate("(one) => one.getBoundingClientRect().left")
            assert (left - middle) * side > -1, name
        frame.locator(".point >> nth=0").press("ArrowLeft")
        assert frame.locator(".point >> nth=1").evaluate("(one) => one === document.activeElement")
        page.screenshot(path=tmp_path / "arabic.png")
    finally:
        page.close()
