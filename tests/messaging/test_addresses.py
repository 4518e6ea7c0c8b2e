"""Every place of a message in which an address can stand, with every kind of address: one table, tests/addresses.json.

The SDK is held to the same table by tests/js/addresses.test.js.
"""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from messaging.content import Content, actions_of, read
from messaging.content.rendering import properties_of, render
from messaging.content.review import errors
from tests.people import survey

TABLE = json.loads((Path(__file__).parent.parent / "addresses.json").read_text())


def action(kind: str, value: str, id: str = "a") -> dict[str, Any]:
    return {"id": id, "text": "Go", "name": "Go", "behaviour": {"kind": kind, "value": value}}


def message(*blocks: dict[str, Any], **over: Any) -> dict[str, Any]:
    return {"steps": [{"id": "s", "blocks": list(blocks)}], **over}


def tapped(content: Content, id: str) -> str:
    return next(one.behaviour.value for _, one in actions_of(content) if one.id == id)


def button(kind: str) -> Callable[[str], dict[str, Any]]:
    return lambda value: message({"kind": "button", "id": "b", "action": action(kind, value)})


def option(kind: str) -> Callable[[str], dict[str, Any]]:
    return lambda value: message({"kind": "choice", "id": "c", "options": [action(kind, value)]})


def point(kind: str) -> Callable[[str], dict[str, Any]]:
    return lambda value: message({"kind": "rating", "id": "r", "action": action(kind, value)})


def close(kind: str) -> Callable[[str], dict[str, Any]]:
    return lambda value: message(close=action(kind, value))


def image(value: str) -> dict[str, Any]:
    return message({"kind": "image", "id": "i", "url": value})


PLACES: dict[str, tuple[Callable[[str], dict[str, Any]], Callable[[Content], str], str]] = {
    "image": (image, lambda shown: shown.steps[0].blocks[0].url, "image"),  # type: ignore[union-attr]
    "button": (button("url"), lambda shown: tapped(shown, "a"), "link"),
    "button of an app": (button("deeplink"), lambda shown: tapped(shown, "a"), "deep_link"),
    "option": (option("url"), lambda shown: tapped(shown, "a"), "link"),
    "option of an app": (option("deeplink"), lambda shown: tapped(shown, "a"), "deep_link"),
    "point": (point("url"), lambda shown: tapped(shown, "a.1"), "link"),
    "point of an app": (point("deeplink"), lambda shown: tapped(shown, "a.1"), "deep_link"),
    "close": (close("url"), lambda shown: tapped(shown, "a"), "link"),
    "close of an app": (close("deeplink"), lambda shown: tapped(shown, "a"), "deep_link"),
}
CASES = [(place, row) for place in PLACES for row in TABLE]
IDS = [f"{place}: {row['address']!r}" for place, row in CASES]


def drawn(place: str, written: str, **data: Any) -> str:
    make, look, _ = PLACES[place]
    return look(render(read(make(written)), **{"properties": {}, "customer": {}, **data}))


@pytest.mark.parametrize(("place", "row"), CASES, ids=IDS)
def test_an_address_is_kept_or_dropped_by_the_table(place: str, row: dict[str, Any]) -> None:
    wanted = row["address"].strip() if row[PLACES[place][2]] else ""
    assert drawn(place, row["address"]) == wanted


@pytest.mark.parametrize(("place", "row"), CASES, ids=IDS)
def test_it_makes_no_difference_where_the_address_comes_from(place: str, row: dict[str, Any]) -> None:
    address = row["address"]
    wanted = address.strip() if row[PLACES[place][2]] else ""
    assert drawn(place, "{{ customer.to }}", customer={"to": address}) == wanted
    assert drawn(place, "$properties.to", properties={"to": "{{ customer.to }}"}, customer={"to": address}) == wanted


@pytest.mark.parametrize(("place", "row"), CASES, ids=IDS)
def test_the_author_is_told_of_an_address_that_would_be_dropped(place: str, row: dict[str, Any]) -> None:
    make, _, kind = PLACES[place]
    remarks = [remark for remark in errors(read(make(row["address"]))) if remark.field in ("value", "url")]
    assert bool(remarks) is not row[kind]


@pytest.mark.parametrize("row", TABLE, ids=[repr(row["address"]) for row in TABLE])
def test_a_link_within_a_text_runs_no_script(row: dict[str, Any]) -> None:
    text = f'<p><a href="{html.escape(row["address"])}">x</a></p>'
    shown = render(read(message({"kind": "text", "id": "t", "html": text})), properties={}, customer={})
    found = shown.steps[0].blocks[0].html  # type: ignore[union-attr]
    if row.get("script"):
        assert "href" not in found
    elif row["link"]:
        assert f'href="{html.escape(row["address"], quote=False)}"' in found


def test_the_close_action_counts_among_what_a_message_exposes() -> None:
    raw = survey()
    raw["close"] = {"id": "close", "text": "$properties.bye", "name": "x", "behaviour": {"kind": "dismiss"}}
    assert "bye" in properties_of(read(raw))
