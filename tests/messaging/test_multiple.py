"""A question of which several answers may be chosen."""

from __future__ import annotations

from typing import Any

import pytest

from messaging.content import actions_of, read, review
from messaging.content.rendering import render
from messaging.snapshots import naming


def option(id: str) -> dict[str, Any]:
    return {"id": id, "text": id, "name": f"Chose {id}", "behaviour": {"kind": "custom", "value": "choose"}}


def asking(**over: Any) -> dict[str, Any]:
    send = {"id": "send", "text": "Send", "name": "Sent", "behaviour": {"kind": "submit"}}
    block = {"kind": "multiple", "id": "m", "action": send, "options": [option(one) for one in "abc"], **over}
    return {"steps": [{"id": "s1", "name": "Reasons", "blocks": [block]}]}


def wrong(**over: Any) -> list[str]:
    return [remark.field for remark in review.errors(read(asking(**over)))]


def test_its_options_are_actions_and_so_is_its_button() -> None:
    assert [action.id for _, action in actions_of(read(asking()))] == ["a", "b", "c", "send", "close"]


def test_its_options_answer_the_question_of_their_step_and_its_button_does_not() -> None:
    refs = {ref.id: ref for ref in naming.actions(read(asking()), {})}
    assert {(refs[one].group, refs[one].question) for one in "abc"} == {("m", "Reasons")}
    assert (refs["send"].group, refs["send"].question) == ("", "")


def test_nobody_is_done_with_the_message_by_choosing() -> None:
    assert {ref.closes for ref in naming.actions(read(asking()), {}) if ref.id in "abc"} == {""}


def test_variables_of_its_options_are_filled_in() -> None:
    draft = asking(options=[option("a") | {"text": "$properties.x"}, option("b")])
    [[block]] = [step.blocks for step in render(read(draft), properties={"x": "Blue"}, customer={}).steps]
    assert block.edited_actions()[0].text == "Blue"


@pytest.mark.parametrize(
    ("over", "fields"),
    [
        ({}, []),
        ({"least": 0}, []),
        ({"least": 3}, []),
        ({"least": 4}, ["least"]),
        ({"least": -1}, ["least"]),
        ({"most": 3}, []),
        ({"most": 4}, ["most"]),
        ({"least": 2, "most": 1}, ["most"]),
        ({"least": 2, "most": 2}, []),
        ({"most": -1}, ["most"]),
        ({"other": "c"}, []),
        ({"other": "gone"}, ["other"]),
        ({"none": "gone"}, ["none"]),
        ({"other": "c", "none": "c"}, ["none"]),
        ({"options": [option("a")]}, ["options"]),
        ({"options": [option(f"o{n}") for n in range(20)]}, []),
        ({"options": [option(f"o{n}") for n in range(21)]}, ["options"]),
    ],
)
def test_its_bounds_are_checked_where_they_are_set(over: dict[str, Any], fields: list[str]) -> None:
    assert wrong(**over) == fields
