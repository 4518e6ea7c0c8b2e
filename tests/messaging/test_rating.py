"""A rating: one action is edited, each point of its scale is one when sent."""

from __future__ import annotations

import pytest

from messaging.content import actions_of, read

POINTS = {
    "stars": ["1", "2", "3", "4", "5"],
    "emoji": ["1", "2", "3", "4", "5"],
    "csat": ["1", "2", "3", "4", "5"],
    "nps": ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"],
    "ces": ["1", "2", "3", "4", "5", "6", "7"],
    "thumbs": ["0", "1"],
}


@pytest.mark.parametrize(("scale", "points"), POINTS.items())
def test_each_point_of_a_scale_is_an_action_with_its_number(scale: str, points: list[str]) -> None:
    block = {"kind": "rating", "id": "r", "scale": scale, "action": {"id": "a", "name": "Score"}}
    content = read({"steps": [{"id": "s", "blocks": [block]}]})
    *options, _ = [action for _, action in actions_of(content)]
    assert [(one.id, one.name, one.value) for one in options] == [(f"a.{n}", f"Score {n}", n) for n in points]
    assert [key for key, _ in content.steps[0].blocks[0].answers()] == points
