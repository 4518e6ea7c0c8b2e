"""What docs/security.md says of settings, headers and limits is so."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest
from django.test import Client

from console.accounts import keyring
from console.runtime.server.limits import Limits
from messaging.people import attributes
from tests.console.cast import as_, make_cast

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = (ROOT / "docs" / "security.md").read_text()


def test_every_setting_that_it_names_is_one() -> None:
    named = set(re.findall(r"EARSHOT_[A-Z_]+", PAGE))
    limits = {f"EARSHOT_LIMIT_{field.name.upper()}" for field in fields(Limits)}
    others = set(re.findall(r"EARSHOT_[A-Z_]+", (ROOT / "console" / "settings.py").read_text()))
    assert named <= limits | others
    assert limits - named <= {"EARSHOT_LIMIT_DISCARD_SECONDS"}


def test_every_page_that_it_links_to_is_there() -> None:
    for link in re.findall(r"\]\(([^)#]+)\)", PAGE):
        assert (ROOT / "docs" / link).exists(), link
    assert (ROOT / "SECURITY.md").exists()


def test_the_limits_are_those_that_it_states() -> None:
    limits = Limits()
    assert f"{limits.head_bytes // 1024} KB, {limits.head_seconds} s" in PAGE
    assert f"{limits.body_seconds} s and one more for each {limits.body_rate // 1024} KB" in PAGE
    assert f"{limits.idle_seconds} s, {limits.write_seconds} s" in PAGE
    sizes = (attributes.MOST, attributes.LONGEST_NAME, attributes.LONGEST_VALUE, attributes.LARGEST)
    assert "{}, of {} and {:,} characters, {:,} in all".format(*sizes) in PAGE
    assert f"{keyring.MOST_UNKNOWN:,}, for {keyring.TRUST:g} s" in PAGE


@pytest.mark.django_db
def test_the_headers_are_those_that_it_states() -> None:
    cast = make_cast()
    page = as_(cast.alice).get(cast.url())
    policy = page["Content-Security-Policy"]
    for part in ("'nonce-", "frame-ancestors 'none'", "object-src 'none'", "base-uri 'none'", "form-action 'self'"):
        assert part in policy
    told = {"X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}
    assert {name: page[name] for name in told} == told
    assert page["Cache-Control"] == "no-store"
    drawn = Client().get("/renderer/index.html")["Content-Security-Policy"]
    for part in ("default-src 'none'", "'nonce-", "trusted-types", "sandbox"):
        assert part in drawn
    assert Client().post("/v1/track", headers={"Origin": "https://a.example"})["Access-Control-Allow-Origin"] == "*"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/admin/", "/api/docs/", "/accounts/login/", "/renderer/index.html"])
def test_no_page_may_compile_texts_into_script(path: str) -> None:
    user = make_cast().alice
    type(user).objects.update(is_staff=True, is_superuser=True)
    assert "unsafe-eval" not in as_(user).get(path, follow=True)["Content-Security-Policy"]
