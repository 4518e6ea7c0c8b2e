from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.common import safety, spans
from messaging.content import read
from messaging.content.rendering import render
from messaging.messages import services as messages
from tests.messaging.payloads import PAYLOADS
from tests.people import make_workspace

OF_LINKS = {("a", "href"), ("a", "title"), ("a", "rel")}


class Found(HTMLParser):
    """Every tag and attribute of a text."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        self.hrefs: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {(tag, name) for name, _ in attrs}
        self.hrefs += [value or "" for name, value in attrs if name == "href"]


def assert_allowed(source: str) -> None:
    found = Found(source)
    assert found.tags <= safety.TAGS
    assert found.attributes <= {(tag, name) for tag in safety.TAGS for name in ("dir", "lang")} | OF_LINKS
    assert not [href for href in found.hrefs if safety.SCHEME.match(href) and not safety.url(href)]


def one_text(html: str) -> dict[str, object]:
    return {"steps": [{"id": "s", "blocks": [{"kind": "text", "id": "t", "html": html}]}]}


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_is_rendered_holds_nothing_but_what_is_allowed(payload: str) -> None:
    shown = render(read(one_text(payload)), properties={}, customer={}, lenient=True)
    assert_allowed(shown.steps[0].blocks[0].html)  # type: ignore[union-attr]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_is_saved_holds_nothing_but_what_is_allowed_and_liquid(payload: str) -> None:
    assert_allowed("".join(spans.parts(safety.draft_html(payload))[::2]))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_sanitising_again_changes_nothing(payload: str) -> None:
    once = safety.draft_html(payload)
    assert safety.draft_html(once) == once


@given(st.text(alphabet="<>/\"'`=&;{}% abimgstylea-!\n\t", max_size=80))
def test_any_text_is_sanitised_to_what_is_allowed(source: str) -> None:
    assert_allowed(safety.html(source))
    assert_allowed("".join(spans.parts(safety.draft_html(source))[::2]))


@pytest.mark.parametrize(
    "html",
    [
        "<p>Hi {{ customer.first_name | default: 'there' }} &amp; <b>all</b></p>",
        "<p>{% if customer.seats < 5 %}few{% else %}many{% endif %}</p>",
        '<a href="{{ properties.link }}" title="{{ properties.title }}">x</a>',
        '<a href="https://example.com/?a=1&amp;who={{ customer.id | append: "x" }}">x</a>',
        '<p dir="rtl" lang="ar">x</p>',
        "<h2>$properties.title</h2><ul><li>one</li></ul>",
    ],
)
def test_an_authors_text_and_liquid_are_saved_as_they_were_written(html: str) -> None:
    assert safety.draft_html(html) == html


@pytest.mark.django_db
def test_a_draft_is_kept_sanitised() -> None:
    draft = one_text('<p onclick="x()">Hi {{ customer.name }}</p><iframe srcdoc="x"></iframe>')
    message = messages.create(workspace=make_workspace(), name="A", draft=draft, by=None)
    assert message.draft["steps"][0]["blocks"][0]["html"] == "<p>Hi {{ customer.name }}</p>"
    messages.save_draft(message, draft=one_text("<svg onload=x()>"), revision=1, by=None)
    message.refresh_from_db()
    assert message.draft["steps"][0]["blocks"][0]["html"] == ""


def test_the_browser_is_given_the_servers_list() -> None:
    assert set(safety.RULES["tags"]) == safety.TAGS
    assert set(safety.RULES["schemes"]) == safety.LINKS
    assert safety.RULES["attributes"] == {"*": ["dir", "lang"], "a": ["href", "title"]}
