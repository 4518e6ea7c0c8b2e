from __future__ import annotations

import pytest
from django.test import Client


@pytest.fixture
def page(client: Client):
    return client.get("/renderer/index.html", headers={"origin": "https://shop.example"})


def test_any_page_may_frame_the_renderer(page):
    assert page.status_code == 200
    assert "X-Frame-Options" not in page
    assert "frame-ancestors *" in page["Content-Security-Policy"]


def test_nothing_inline_runs_in_the_renderer(page):
    policy = page["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert b"<style" not in page.content
    assert b"<script>" not in page.content


def test_the_renderer_sets_no_cookie_and_takes_no_writing(client: Client, page):
    assert not page.cookies
    assert client.post("/renderer/index.html").status_code == 405


def test_a_sandboxed_frame_may_load_the_renderers_modules(client: Client):
    module = client.get("/static/renderer/main.js", headers={"origin": "null"})
    assert module.status_code == 200
    assert module["Access-Control-Allow-Origin"] == "*"
