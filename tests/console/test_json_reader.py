from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.common.json_reader import BadJSON, read_json

ANY = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab"), inner, max_size=3),
    max_leaves=10,
)


@given(ANY)
def test_json_is_read_as_it_is(value: object) -> None:
    assert read_json(json.dumps(value)) == value


@pytest.mark.parametrize(
    "text", ["NaN", "Infinity", "-Infinity", "1e400", "-1e400", "9" * 31, "9" * 5000, "", "{", "[1"]
)
def test_what_is_no_json_or_no_number_is_refused(text: str) -> None:
    with pytest.raises(BadJSON):
        read_json(text)


@pytest.mark.parametrize("depth", [21, 990, 100_000])
def test_what_is_nested_too_deep_is_refused(depth: int) -> None:
    assert read_json("[" * 20 + "]" * 20, max_depth=20)
    with pytest.raises(BadJSON, match="nested"):
        read_json("[" * depth + "]" * depth, max_depth=20)


def test_half_a_surrogate_pair_becomes_a_replacement_character() -> None:
    assert read_json(r'{"a\ud800": ["\udfff", "\ud83d\ude00"]}') == {"a\ufffd": ["\ufffd", "\U0001f600"]}


@pytest.mark.parametrize("text", [r'"\u0000"', r'{"a\u0000": 1}', r'[["\u0000"]]'])
def test_nul_is_refused_with_what_to_do(text: str) -> None:
    with pytest.raises(BadJSON, match="NUL character; remove it"):
        read_json(text)


def test_bytes_that_are_not_utf_8_are_refused() -> None:
    with pytest.raises(BadJSON, match="not UTF-8"):
        read_json(b'"\xff"')
