"""What the check before publishing says of each kind of block, and beside which of its fields."""

from __future__ import annotations

from typing import Any

import pytest

from messaging.common import safety
from messaging.content import read, review
from messaging.errors import BadContent
from messaging.messages import services as messages
from tests.people import make_message, make_workspace


def action(behaviour: str = "dismiss", value: str = "", **over: Any) -> dict[str, Any]:
    return {"id": "a1", "text": "Go", "name": "Go", "behaviour": {"kind": behaviour, "value": value}} | over


def button(behaviour: str = "dismiss", value: str = "", **over: Any) -> dict[str, Any]:
    return {"kind": "button", "action": action(behaviour, value, **over)}


def options(count: int) -> list[dict[str, Any]]:
    return [{"id": f"o{n}", "text": f"Option {n}", "name": f"Option {n}"} for n in range(count)]


def remarks(block: dict[str, Any]) -> list[tuple[str, str]]:
    content = read({"steps": [{"id": "s1", "blocks": [{"id": "b1"} | block]}]})
    found = review.errors(content)
    assert [remark.text for remark in found if not remark.text.endswith(".")] == []  # each is a sentence
    return [(remark.where, remark.field) for remark in found]


@pytest.mark.parametrize(
    ("block", "told"),
    [
        ({"kind": "text", "html": "<p> </p>"}, ("b1", "html")),
        ({"kind": "image"}, ("b1", "url")),
        ({"kind": "image", "url": "ftp://files.example/a.png"}, ("b1", "url")),
        ({"kind": "choice"}, ("b1", "options")),
        ({"kind": "choice", "options": options(21)}, ("b1", "options")),
        ({"kind": "choice", "options": [action(text=" ")]}, ("a1", "text")),
        ({"kind": "rating", "action": action(name=" ")}, ("a1", "name")),
        (button(text=""), ("a1", "text")),
        (button(name=""), ("a1", "name")),
        (button("step", "s2"), ("a1", "value")),
        (button("url", "javascript:alert(1)"), ("a1", "value")),
        (button("deeplink", "javascript:alert(1)"), ("a1", "value")),
        (button("custom", " "), ("a1", "value")),
        (button("message"), ("a1", "value")),
        (button("snooze", "0"), ("a1", "value")),
        (button("snooze", "43201"), ("a1", "value")),
        (button("snooze", "soon"), ("a1", "value")),
    ],
)
def test_what_is_wrong_is_told_beside_its_field(block: dict[str, Any], told: tuple[str, str]) -> None:
    assert remarks(block) == [told]


@pytest.mark.parametrize(
    "block",
    [
        {"kind": "text", "html": "<p>Hello</p>"},
        {"kind": "image", "url": "https://shop.example/a.png"},
        {"kind": "image", "url": "{{ properties.picture }}"},
        {"kind": "choice", "options": options(1)},
        {"kind": "choice", "options": options(20)},
        {"kind": "rating", "action": action(text="")},
        button(name="", track=False),
        button("step", "s1"),
        button("url", "$properties.link"),
        button("snooze", "1"),
        button("snooze", "43200"),
        button("custom", "go"),
    ],
)
def test_what_can_be_published_is_not_remarked(block: dict[str, Any]) -> None:
    assert remarks(block) == []


@pytest.mark.django_db
def test_a_text_that_is_too_long_to_be_made_safe_is_refused_with_its_limit() -> None:
    message = make_message(make_workspace())
    before = message.draft
    block = {"kind": "text", "id": "b1", "html": "x" * (safety.LONGEST_HTML + 1)}
    with pytest.raises(BadContent, match="at most 20,000 characters") as refused:
        messages.save_draft(message, draft={"steps": [{"id": "s1", "blocks": [block]}]}, revision=1, by=None)
    assert [where for where, _ in refused.value.errors] == ["b1/html"]
    message.refresh_from_db()
    assert (message.draft, message.revision) == (before, 1)
