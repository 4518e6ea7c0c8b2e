"""A spacer is empty room of one of three sizes."""

from __future__ import annotations

from typing import Any

import pytest

from messaging.content import actions_of, read, write
from messaging.content.rendering import properties_of, render
from messaging.errors import BadContent


def alone(**fields: Any) -> dict[str, Any]:
    return {"steps": [{"id": "s1", "blocks": [{"kind": "spacer", "id": "b1", **fields}]}]}


def test_a_spacer_has_nothing_to_tap_and_nothing_to_fill_in() -> None:
    content = read(alone())
    assert [action.id for _, action in actions_of(content)] == ["close"]
    assert properties_of(content) == []
    assert render(content, properties={}, customer={}) == content


@pytest.mark.parametrize("size", ["small", "medium", "large"])
def test_a_spacer_keeps_its_size(size: str) -> None:
    assert write(read(alone(size=size)))["steps"][0]["blocks"] == [{"kind": "spacer", "id": "b1", "size": size}]


def test_a_spacer_is_of_medium_size_unless_it_says_otherwise() -> None:
    assert read(alone()) == read(alone(size="medium"))


def test_a_size_that_there_is_not_is_refused_by_its_place() -> None:
    with pytest.raises(BadContent) as refused:
        read(alone(size="huge"))
    assert "huge" in str(refused.value.errors)
    assert refused.value.errors[0][0] == "/steps/0/blocks/0/size"
