from __future__ import annotations

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
    assert "frame-ancestors 'none'" in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    text = answer.content.decode()
    assert "<script>" not in text
    assert "onclick=" not in text


@pytest.mark.django_db
def test_the_renderer_may_be_framed_anywhere() -> None:
    assert "frame-ancestors *" in Client().get("/renderer/index.html")["Content-Security-Policy"]


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
