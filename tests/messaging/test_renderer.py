from __future__ import annotations

import re

import pytest
from django.test import Client


@pytest.fixture
def page(client: Client):
    return client.get("/renderer/index.html", headers={"origin": "https://shop.example"})


def test_any_page_may_frame_the_renderer(page):
    assert page.status_code == 200
    assert "X-Frame-Options" not in page
    assert "frame-ancestors" not in page["Content-Security-Policy"]  # `*` leaves out files and sandboxed pages


def test_an_isolated_page_may_frame_the_renderer(page):
    assert page["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert page["Cross-Origin-Embedder-Policy"] == "credentialless"


def test_nothing_inline_runs_in_the_renderer(page):
    policy = page["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert b"<style" not in page.content
    assert b"<script>" not in page.content


@pytest.fixture
def preview(client: Client):
    return client.get("/renderer/preview.html")


def directive(page, name: str) -> list[str]:
    found = [part.split() for part in page["Content-Security-Policy"].split("; ")]
    return next(words for key, *words in found if key == name)


@pytest.mark.parametrize("path", ["index", "preview"])
def test_no_script_but_the_renderers_own_runs_in_it(client: Client, path: str):
    first, second = (client.get(f"/renderer/{path}.html") for _ in range(2))
    (source,) = directive(first, "script-src")
    nonce = source.removeprefix("'nonce-").rstrip("'")
    tags = re.findall(r'<script [^>]*src="/static/v-\w+/([^"]+)"[^>]* nonce="([^"]+)"', first.content.decode())
    assert tags == [("vendor/dompurify/purify.min.js", nonce), ("renderer/main.js", nonce)]
    assert directive(second, "script-src") != [source]
    assert "private" in first["Cache-Control"]


@pytest.mark.parametrize("name", ["page", "preview"])
def test_texts_become_html_by_the_sanitiser_alone(request: pytest.FixtureRequest, name: str):
    page = request.getfixturevalue(name)
    assert directive(page, "require-trusted-types-for") == ["'script'"]
    assert directive(page, "trusted-types") == ["dompurify"]


def test_the_preview_has_no_origin_and_is_framed_by_the_editor_alone(preview):
    assert directive(preview, "sandbox") == ["allow-scripts"]
    assert directive(preview, "frame-ancestors") == ["'self'"]
    assert b"data-preview" in preview.content


def test_the_page_of_any_site_takes_no_preview(page):
    assert b"data-preview" not in page.content
    assert "allow-forms" not in directive(page, "sandbox")
    assert "allow-top-navigation" not in directive(page, "sandbox")


def test_the_renderer_sets_no_cookie_and_takes_no_writing(client: Client, page):
    assert not page.cookies
    assert client.post("/renderer/index.html").status_code == 405


def test_a_sandboxed_frame_may_load_the_renderers_modules(client: Client):
    module = client.get("/static/renderer/main.js", headers={"origin": "null"})
    assert module.status_code == 200
    assert module["Access-Control-Allow-Origin"] == "*"
