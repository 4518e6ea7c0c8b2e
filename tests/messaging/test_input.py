"""A question that is answered in writing."""

from __future__ import annotations

from typing import Any

import pytest

from messaging.content import actions_of, read, review
from messaging.content.rendering import properties_of, render
from messaging.errors import BadContent


def asking(action: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    send = {"id": "a1", "text": "Send", "name": "Why", "behaviour": {"kind": "submit"}} | (action or {})
    return {"steps": [{"id": "s1", "blocks": [{"kind": "input", "id": "b1", "action": send, **fields}]}]}


def test_its_one_action_sends_the_answer() -> None:
    assert [action.id for _, action in actions_of(read(asking()))] == ["a1", "close"]


def test_its_hint_may_hold_variables() -> None:
    content = read(asking(placeholder="Tell us, $properties.team"))
    assert properties_of(content) == ["team"]
    [[block]] = [step.blocks for step in render(content, properties={"team": "Blue"}, customer={}).steps]
    assert block.placeholder == "Tell us, Blue"  # type: ignore[attr-defined]


def test_nothing_is_wrong_with_it_as_it_is_added() -> None:
    assert review.errors(read(asking())) == []
    assert review.warnings(read(asking())) == []


@pytest.mark.parametrize(("limit", "wrong"), [(0, 1), (1, 0), (1000, 0), (1001, 1), (-5, 1)])
def test_an_answer_has_at_most_as_many_characters_as_a_report_carries(limit: int, wrong: int) -> None:
    remarks = review.errors(read(asking(limit=limit)))
    assert [remark.field for remark in remarks] == ["limit"] * wrong


def test_a_value_that_would_stand_for_every_answer_is_refused() -> None:
    [remark] = review.errors(read(asking({"value": "always this"})))
    assert (remark.where, remark.field) == ("a1", "value")


def test_a_hint_without_a_word_for_the_unknown_is_remarked() -> None:
    [remark] = review.warnings(read(asking(placeholder="{{ customer.first_name }}, why?")))
    assert (remark.where, remark.field) == ("b1", "placeholder")


@pytest.mark.parametrize("format", ["text", "email", "number", "date"])
def test_what_is_written_may_be_of_a_format(format: str) -> None:
    assert review.errors(read(asking(format=format))) == []


def test_a_format_that_nobody_knows_is_refused_by_its_place() -> None:
    with pytest.raises(BadContent) as refused:
        read(asking(format="shoe size"))
    assert refused.value.errors[0][0].endswith("/format")
