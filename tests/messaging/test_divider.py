"""A divider is a line and nothing else."""

from __future__ import annotations

from messaging.content import actions_of, read, review, write
from messaging.content.rendering import properties_of, render

ALONE = {"steps": [{"id": "s1", "blocks": [{"kind": "divider", "id": "d1"}]}]}


def test_a_divider_has_nothing_to_tap() -> None:
    assert [action.id for _, action in actions_of(read(ALONE))] == ["close"]


def test_a_divider_is_the_same_for_everybody() -> None:
    content = read(ALONE)
    assert properties_of(content) == []
    assert render(content, properties={}, customer={}) == content


def test_a_divider_is_kept_as_its_kind_and_its_id() -> None:
    [step] = write(read(ALONE))["steps"]
    assert step["blocks"] == [{"kind": "divider", "id": "d1"}]


def test_nothing_is_wrong_with_a_divider() -> None:
    assert review.errors(read(ALONE)) == []
    assert review.warnings(read(ALONE)) == []
