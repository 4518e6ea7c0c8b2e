"""What an error, a page of the docs or a line of code points at is there."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from django.test import Client

from console.common.problems import TITLES
from tracking.ingest.rejection_codes import RejectionCode

ROOT = Path(__file__).resolve().parent.parent
LINK = re.compile(r"\]\(([^)\s#]+)[^)]*\)")
FILE = re.compile(
    r"(?<![\w/.-])((?:docs|deploy|benchmarks|tests|bin|static|templates|console|messaging|tracking)/[\w./-]+\.(?:md|toml|py|js|mjs|html|yaml|yml|css|json))\b"
)
GONE = {"static/sdk/earshot.js", "static/css/tabler.css", "static/sdk/more.js"}  # built


def tracked(*patterns: str) -> list[str]:
    listed = subprocess.run(["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True, check=False)
    found = listed.stdout.split() or [
        str(path.relative_to(ROOT)) for pattern in patterns for path in ROOT.glob(pattern) if path.is_file()
    ]
    return [path for path in found if not path.startswith("docs/decisions/") and path != "CHANGELOG.md"]


PAGES = tracked("*.md", "docs/*.md", "deploy/*.md")


@pytest.mark.parametrize("page", PAGES)
def test_every_link_of_a_page_of_the_docs_leads_somewhere(page: str) -> None:
    text = (ROOT / page).read_text()
    links = {link for link in LINK.findall(text) if "://" not in link and not link.startswith("mailto:")}
    assert {link for link in links if not (ROOT / page).parent.joinpath(link).exists()} == set()


@pytest.mark.parametrize(
    "page", [*PAGES, *tracked("console/*.py", "messaging/*.py", "tracking/*.py", "templates/*.html")]
)
def test_every_file_that_is_named_exists(page: str) -> None:
    named = set(FILE.findall((ROOT / page).read_text())) - GONE
    places = (ROOT, ROOT / "templates")
    assert {name for name in named if not any((place / name).exists() for place in places)} == set()


@pytest.mark.parametrize("code", [*TITLES, *(code.value for code in RejectionCode)])
def test_the_type_of_every_error_is_a_place_on_a_page(code: str) -> None:
    page = Client().get("/problems/").content.decode()
    assert page.count(f'id="{code}"') == 1


@pytest.mark.django_db
def test_the_type_of_an_error_of_ingest_is_an_address_that_answers() -> None:
    answer = Client().post("/v1/track", "{}", content_type="application/json")
    address, _, place = answer.json()["type"].partition("#")
    page = Client().get(address)
    assert page.status_code == 200
    assert f'id="{place}"' in page.content.decode()
