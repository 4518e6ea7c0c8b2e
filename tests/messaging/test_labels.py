"""Names that look alike are one: when filled in, when reported, and in the editor's review."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from messaging.common.labels import one_line
from messaging.content import Content, read, review
from messaging.content.rendering import render


def buttons(*names: str) -> Content:
    made: list[dict[str, Any]] = [
        {"kind": "button", "id": f"b{n}", "action": {"id": f"a{n}", "text": "Go", "name": name}}
        for n, name in enumerate(names)
    ]
    return read({"steps": [{"id": "s", "blocks": made}]})


@pytest.mark.parametrize(("written", "one"), json.loads((Path(__file__).parents[1] / "labels.json").read_text()))
def test_a_name_is_written_in_one_way(written: str, one: str) -> None:
    assert one_line(written) == one
    assert one_line(one) == one


def test_text_and_name_are_filled_in_alike() -> None:
    content = buttons("{{ customer.name }}")
    shown = render(content, properties={}, customer={"name": "Zoe\u0308\u200b"}).steps[0].blocks[0]
    assert shown.action.name == "Zo\u00eb"  # type: ignore[union-attr]


def test_names_that_look_alike_are_remarked() -> None:
    told = [remark.text for remark in review.warnings(buttons("Caf\u00e9", "Cafe\u0301"))]
    assert sum("Another action has this name too" in text for text in told) == 2


def test_what_nobody_sees_in_a_name_is_remarked() -> None:
    assert any("nobody sees" in remark.text for remark in review.warnings(buttons("Yes\u200b")))
    assert not any("nobody sees" in remark.text for remark in review.warnings(buttons("Yes")))
