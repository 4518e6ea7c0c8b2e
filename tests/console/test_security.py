from __future__ import annotations

import html
import json
import os
import re
import subprocess
import sys

import pytest
from django.test import Client

from tests.console.cast import Cast, as_


def test_pages_run_no_inline_script_and_cannot_be_framed(cast: Cast) -> None:
    answer = as_(cast.alice).get(cast.url())
    policy = [directive.strip() for directive in answer["Content-Security-Policy"].split(";")]  # in no order
    assert re.search(r"^script-src 'nonce-[\w+/=]{20,}'$", answer["Content-Security-Policy"].replace("; ", "\n"), re.M)
    assert "frame-src 'none'" in policy
    assert "img-src 'self' data:" in policy
    assert "frame-ancestors 'none'" in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    text = answer.content.decode()
    assert "<script>" not in text
    assert "onclick=" not in text


def test_every_script_tag_of_a_page_carries_the_nonce_and_every_page_has_another(cast: Cast) -> None:
    nonces = set()
    for client, page in (
        (as_(cast.alice), cast.url()),
        (as_(cast.alice), cast.url("segments/new/")),
        (Client(), "/accounts/login/"),
        (Client(), "/nowhere/"),
    ):
        answer = client.get(page)
        (nonce,) = re.findall(r"script-src 'nonce-([^']+)'", answer["Content-Security-Policy"])
        tags = re.findall(r"<script([^>]*)>", answer.content.decode())
        assert all(f'nonce="{nonce}"' in tag for tag in tags if "json" not in tag), page
        nonces.add(nonce)
    assert len(nonces) == 4


def test_htmx_evaluates_nothing_and_asks_nobody_else(cast: Cast) -> None:
    text = as_(cast.alice).get(cast.url()).content.decode()
    config = json.loads(html.unescape(re.findall(r"name=\"htmx-config\" content='([^']+)'", text)[0]))
    assert config == {
        "allowEval": False,
        "allowScriptTags": False,
        "selfRequestsOnly": True,
        "includeIndicatorStyles": False,
        "historyCacheSize": 0,
    }


@pytest.mark.django_db
def test_the_renderer_may_be_framed_anywhere() -> None:
    answer = Client().get("/renderer/index.html")
    assert "X-Frame-Options" not in answer
    assert "frame-ancestors" not in answer["Content-Security-Policy"]  # `*` would leave out pages that are files


def test_the_deploy_check_finds_nothing_of_security_with_an_https_address() -> None:
    environment = {**os.environ, "EARSHOT_URL": "https://earshot.example.org"}
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--tag", "security", "--fail-level", "WARNING"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
