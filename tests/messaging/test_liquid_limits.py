"""Every limit of one rendering: at it, just over it, by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from messaging.errors import BadTemplate
from messaging.liquid import bounds, templates
from messaging.liquid.bounds import bounded, budget, charge, check_delimiters, check_length


def same(value: Any, *_: Any) -> Any:
    return value


def applied(name: str, *values: Any) -> Any:
    return bounded(name, same)(*values)


VALUES: dict[str, tuple[Callable[[int], Any], int]] = {
    "characters of a text": (lambda n: "x" * n, 20_000),
    "things in a list": (lambda n: [0] * n, 2_000),
    "things in a tuple": (lambda n: (0,) * n, 2_000),
    "numbers of a range": (range, 2_000),
    "names of a mapping": (lambda n: dict.fromkeys(range(n)), 2_000),
    "bits of a number": (lambda n: 1 << (n - 1), 256),
}


@pytest.mark.parametrize("what", VALUES)
def test_a_filter_is_given_at_most_so_many(what: str) -> None:
    make, most = VALUES[what]
    assert applied("size", make(most)) == make(most)
    with pytest.raises(BadTemplate, match="“size” works on a value that is too large"):
        applied("size", make(most + 1))


@pytest.mark.parametrize("what", VALUES)
def test_a_filter_makes_at_most_so_many(what: str) -> None:
    make, most = VALUES[what]
    assert bounded("upcase", lambda value: make(most))(1) == make(most)
    with pytest.raises(BadTemplate, match="“upcase” works on a value that is too large"):
        bounded("upcase", lambda value: make(most + 1))(1)


def test_a_later_argument_is_bounded_too() -> None:
    with pytest.raises(BadTemplate):
        applied("append", "x", "y" * 20_001)


@pytest.mark.parametrize("name", ["replace", "replace_first"])
def test_a_replacement_makes_at_most_two_million_characters(name: str) -> None:
    assert applied(name, "x" * 2_000, "x", "y" * 1_000)
    with pytest.raises(BadTemplate, match="makes a text that is too large"):
        applied(name, "x" * 2_001, "x", "y" * 1_000)
    assert applied("append", "x" * 2_001, "x", "y" * 1_000)


@pytest.mark.parametrize(
    ("pattern", "fits"), [("%Y", True), ("%10Y", True), ("%99Y", True), ("%100Y", False), ("%-100d", False)]
)
def test_a_date_pads_by_two_digits_at_most(pattern: str, fits: bool) -> None:
    if fits:
        assert applied("date", "now", pattern) == "now"
        return
    with pytest.raises(BadTemplate, match="pads too far"):
        applied("date", "now", pattern)


def test_a_pattern_that_pads_is_a_text_to_other_filters() -> None:
    assert applied("append", "now", "%100Y") == "now"


def test_a_value_that_a_filter_cannot_work_with_is_nothing() -> None:
    def divide(value: int, by: int) -> float:
        return value / by

    assert bounded("divided_by", divide)(1, 0) is None


def test_a_filter_with_too_few_or_too_many_arguments_is_the_authors_mistake() -> None:
    with pytest.raises(TypeError):
        bounded("plus", lambda value, other: value + other)(1)


def test_a_filter_that_refuses_is_heard() -> None:
    def refuse(value: Any) -> Any:
        raise BadTemplate("No.")

    with pytest.raises(BadTemplate, match=r"No\."):
        bounded("x", refuse)(1)


def test_one_rendering_has_thirty_thousand_pieces_of_work() -> None:
    with budget():
        for _ in range(30_000):
            charge("for")
        with pytest.raises(BadTemplate, match="“for” is used too often"):
            charge("for")


@pytest.mark.parametrize(("characters", "cost"), [(0, 1), (99, 1), (100, 2), (199, 2), (200, 3)])
def test_work_costs_one_and_one_more_for_each_hundred_characters(characters: int, cost: int) -> None:
    with budget():
        charge("x", characters)
        assert bounds._left.get() == [30_000 - cost]


def test_a_filter_costs_by_all_its_texts() -> None:
    with budget():
        applied("append", "x" * 60, "y" * 60)
        assert bounds._left.get() == [30_000 - 2]


def test_each_rendering_has_a_budget_of_its_own_and_beside_them_nothing_is_counted() -> None:
    with budget():
        charge("x", 100_000)
        with budget():
            assert bounds._left.get() == [30_000]
        assert bounds._left.get() == [30_000 - 1_001]
    for _ in range(30_001):
        charge("x")


@pytest.mark.parametrize(("length", "fits"), [(2_000, True), (2_001, False)])
def test_a_range_has_at_most_two_thousand_numbers(length: int, fits: bool) -> None:
    if fits:
        check_length(length)
        return
    with pytest.raises(BadTemplate, match="more than 2,000 numbers"):
        check_length(length)


@pytest.mark.parametrize(
    ("source", "fits"),
    [
        ("{{ a }}" * 2_000, True),
        ("{{ a }}" * 2_001, False),
        ("{% a %}" * 1_000 + "{{ a }}" * 1_000, True),
        ("{% a %}" * 1_000 + "{{ a }}" * 1_001, False),
        ("{{ " * 20, True),
        ("{{ " * 21, False),
        ("{% " * 21, False),
        ("{{ a }}" + "{{ " * 20, True),
        ("{{ a }}" + "{{ " * 21, False),
        ("{{ " * 21 + "}}", True),
        ("{% a %}" + "{{ " * 21, False),
    ],
)
def test_a_template_is_quick_to_read(source: str, fits: bool) -> None:
    if fits:
        check_delimiters(source)
        return
    with pytest.raises(BadTemplate):
        check_delimiters(source)


def fill(source: str, *, lenient: bool = False, html: bool = False, **data: Any) -> str:
    return templates.fill_all([(source, html)], data, data.pop("properties", {}), lenient=lenient)[0]


def test_what_cannot_be_filled_in_is_refused_or_stays_as_it_was_written() -> None:
    for bad in ("{{ a", "{{ a | nosuch }}", "{% if %}"):
        assert fill(bad, lenient=True) == bad
        with pytest.raises(BadTemplate):
            fill(bad)


def test_properties_come_first_and_are_filled_in_themselves() -> None:
    properties = {"greeting": "Hi {{ name }}", "plain": "<b>"}
    assert fill("{{ properties.greeting }}!", name="Ada", properties=properties) == "Hi Ada!"
    assert fill("{{ properties.plain }}", html=True, properties=properties) == "&lt;b&gt;"
    assert fill("{{ properties.plain }}", properties=properties) == "<b>"
    assert fill("$properties.plain", properties=properties) == "<b>"


def test_the_variables_of_a_template_come_in_the_order_of_their_first_use() -> None:
    assert templates.paths_of(["{{ b.x }} {{ a }} {{ b.x }} {{ c[0] }}"]) == [[("b", "x"), ("a",), ("c", "0")]]
    [wrong] = templates.paths_of(["{{ a | nosuch }}{% if %}"])
    assert isinstance(wrong, str)
    assert wrong
