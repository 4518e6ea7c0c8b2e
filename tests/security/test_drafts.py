"""Drafts made to take long: their Liquid is found in one go, and their texts are bounded before they are sanitised."""

from __future__ import annotations

import random
import re
import time

import pytest

from messaging.common import safety, spans
from messaging.content import read, review
from messaging.content.rendering import render
from messaging.errors import BadContent
from messaging.messages import services as messages
from tests.people import make_message, make_workspace

LONGEST = 20_000


@pytest.mark.parametrize("seed", range(30))
def test_liquid_is_found_where_a_regular_expression_finds_it(seed: int) -> None:
    dice = random.Random(seed)
    source = "".join(dice.choices(["{{", "}}", "{%", "%}", "{", "}", "%", "a", "\n"], k=dice.randint(0, 60)))
    assert spans.parts(source) == re.split(r"(\{\{.*?\}\}|\{%.*?%\})", source, flags=re.DOTALL)


@pytest.mark.parametrize("piece", ["{{", "{%", "{{{%", "{{ %}", "{% }}", "{{ }}", "{"])
def test_a_draft_is_sanitised_in_a_time_that_grows_with_its_length(piece: str) -> None:
    start = time.monotonic()
    safety.draft_html((piece * LONGEST)[:LONGEST])
    spans.parts(piece * 50_000)
    assert time.monotonic() - start < 2  # minutes, when it went back for each brace


@pytest.mark.django_db
def test_a_text_that_is_too_long_is_refused_and_nothing_is_changed() -> None:
    message = make_message(make_workspace())
    before = message.draft
    draft = {"steps": [{"id": "s", "blocks": [{"kind": "text", "id": "t", "html": "<div>" * 5_000}]}]}
    with pytest.raises(BadContent, match="at most 20,000 characters"):
        messages.save_draft(message, draft=draft, revision=message.revision, by=None)
    message.refresh_from_db()
    assert message.draft == before
    assert [remark.where for remark in review.errors(read(draft))] == ["t"]
    shown = render(read(draft), properties={}, customer={}).steps[0].blocks[0]
    assert len(shown.html) <= 3 * LONGEST  # type: ignore[union-attr]
