"""Nothing of an author's markup runs: not in the editor, not when it is pasted or dropped, not in a message."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Frame, Locator, Page, Request, expect

from messaging.common import safety
from tests.journeys.app import App, button, offer, text
from tests.journeys.test_story import sign_in
from tests.messaging.payloads import PAYLOADS

pytestmark = pytest.mark.journey
STRANGE = """(root, [selector, allowed]) => {
    const attributes = ["href", "title", "dir", "lang", "rel"];
    return [...root.querySelectorAll(selector)].filter((one) => !allowed.includes(one.localName)
        || [...one.attributes].some(({ name }) => !attributes.includes(name))).map((one) => one.outerHTML);
}"""


def strange(root: Locator, selector: str = "*") -> list[str]:
    """Elements in it that are not of the list, or carry what is not of the list."""
    found: list[str] = root.evaluate(STRANGE, [selector, sorted(safety.TAGS)])
    return found


@pytest.fixture
def asked(page: Page) -> Iterator[list[str]]:
    """What must never be asked for: what a payload asks for when it runs, and dialogs."""
    found: list[str] = []

    def look(request: Request) -> None:
        if "pwned" in request.url or ("htmx-2" in request.url and request.frame != page.main_frame):
            found.append(request.url)

    page.on("request", look)
    page.on("dialog", lambda dialog: (found.append(dialog.message), dialog.dismiss()))
    yield found
    page.wait_for_timeout(300)
    assert found == []


@pytest.fixture
def raw(stack: dict[str, Any]) -> Iterator[psycopg.Connection[Any]]:
    """Past the server's sanitiser: what a draft of an older version, or a mistake of ours, would hold."""
    with psycopg.connect(stack["database_url"], autocommit=True) as connection:
        yield connection


def blocks() -> list[dict[str, Any]]:
    """Every payload as a text, and as a value that stands in an attribute or between tags."""
    texts = [text(f"t{number}", payload) for number, payload in enumerate(PAYLOADS)]
    labels = [button(f"b{number}", payload, "custom", payload) for number, payload in enumerate(PAYLOADS)]
    pictures = [
        {"kind": "image", "id": f"i{number}", "url": "/static/img/favicon.svg", "alt": payload}
        for number, payload in enumerate(PAYLOADS)
    ]
    return [*texts, *labels, *pictures]


def write_anew(raw: psycopg.Connection[Any], name: str) -> int:
    draft = json.dumps([{"id": "s1", "name": "One", "blocks": blocks()}])
    row = raw.execute(
        "UPDATE messaging_message SET draft = jsonb_set(draft, '{steps}', %s::jsonb) WHERE name = %s RETURNING id",
        [draft, name],
    ).fetchone()
    assert row
    return int(row[0])


def test_nothing_runs_in_the_editor_or_its_preview(
    stack: dict[str, Any], page: Page, asked: list[str], raw: psycopg.Connection[Any]
) -> None:
    offer(stack, "Poisoned draft", {"steps": [{"id": "s1", "blocks": [text("t0", "<p>x</p>")]}]}, "pat")
    pk = write_anew(raw, "Poisoned draft")
    home = sign_in(stack, page)
    page.goto(f"{home}messages/{pk}/")
    for number in range(len(PAYLOADS)):
        page.locator(f"[data-test=part-t{number}]").click()
        box = page.locator("[data-test=rich-text]")
        assert strange(box) == []
    box.click()
    for payload in PAYLOADS:
        for kind, transfer in (("paste", "clipboardData"), ("drop", "dataTransfer")):
            box.evaluate(
                """(box, [kind, transfer, html]) => {
                    const data = new DataTransfer();
                    data.setData("text/html", html);
                    data.setData("text/plain", "plain");
                    const Kind = kind === "paste" ? ClipboardEvent : DragEvent;
                    box.dispatchEvent(new Kind(kind, { [transfer]: data, bubbles: true, cancelable: true }));
                }""",
                [kind, transfer, payload],
            )
    assert strange(box) == []
    expect(box).to_contain_text("plainplain")
    preview = page.frame_locator("#preview")
    expect(preview.locator(".text").first).to_be_attached()
    assert strange(preview.locator("#message"), ".text *") == []
    assert page.locator("iframe").count() == 1


def test_nothing_runs_in_a_message(app: App, page: Page, asked: list[str], visitor: str) -> None:
    app.open(page, visitor)
    content = json.dumps({"steps": [{"id": "s1", "blocks": blocks()}]})
    page.route(
        "**/renderer/content/*",
        lambda route: route.fulfill(
            body=content, content_type="application/json", headers={"Access-Control-Allow-Origin": "*"}
        ),
    )
    page.reload()
    frame = page.frame_locator("dialog iframe")
    expect(frame.locator(".text").first).to_be_attached()
    assert strange(frame.locator("#message"), ".text *") == []


@pytest.mark.parametrize("path", ["index", "preview"])
def test_another_site_cannot_hand_over_a_preview(app: App, page: Page, path: str) -> None:
    page.goto(f"{app.proxy.site}/elsewhere")
    page.evaluate(
        """async (src) => {
            const frame = document.createElement("iframe");
            frame.src = src;
            document.body.append(frame);
            await new Promise((done) => (frame.onload = done));
            for (let turn = 0; turn < 10; turn += 1) {
                frame.contentWindow.postMessage({ preview: { steps: [{ id: "s", blocks: [] }] } }, "*");
                await new Promise((done) => setTimeout(done, 50));
            }
        }""",
        f"{app.proxy.host}/renderer/{path}.html",
    )
    drawn: list[Frame] = [frame for frame in page.frames if frame != page.main_frame and frame.query_selector(".card")]
    assert drawn == []
