"""Every limit of rules and attributes: at it, just over it, by name; and what HTML may hold, written out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from messaging.common import safety
from messaging.errors import BadRules
from messaging.people import attributes
from messaging.rules import read


def rule(**over: Any) -> dict[str, Any]:
    return {"attribute": "plan", "op": "is", "value": "pro", **over}


def deep(levels: int) -> dict[str, Any]:
    """So many levels, the last of which is a rule."""
    tree: dict[str, Any] = rule()
    for _ in range(levels - 1):
        tree = {"all": [tree]}
    return tree


RULES: dict[str, tuple[Callable[[int], Any], int]] = {
    "rules": (lambda n: {"all": [rule()] * n}, 100),
    "characters of an attribute": (lambda n: {"all": [rule(attribute="a" * n)]}, 150),
    "values in a list": (lambda n: {"any": [rule(op="in", value=[1] * n)]}, 1000),
    "characters of a value": (lambda n: {"all": [rule(value="v" * n)]}, 500),
    "characters of a value in a list": (lambda n: {"all": [rule(op="in", value=["v" * n])]}, 500),
}


@pytest.mark.parametrize("what", RULES)
def test_rules_have_at_most_so_many(what: str) -> None:
    make, most = RULES[what]
    assert read(make(most)).parts
    with pytest.raises(BadRules):
        read(make(most + 1))


def test_rules_in_two_groups_count_together() -> None:
    assert read({"all": [{"any": [rule()] * 50}, {"any": [rule()] * 50}]}).parts
    with pytest.raises(BadRules, match="more than 100"):
        read({"all": [{"any": [rule()] * 50}, {"any": [rule()] * 51}]})


def test_groups_go_five_deep() -> None:
    def groups(levels: int) -> dict[str, Any]:
        tree: dict[str, Any] = rule()
        for _ in range(levels):
            tree = {"all": [tree]}
        return tree

    assert read(groups(5)).parts
    with pytest.raises(BadRules, match="at most 5 deep"):
        read(groups(6))


@pytest.mark.parametrize("raw", [None, {}, {"all": []}])
def test_no_rules_are_everyone(raw: Any) -> None:
    assert (read(raw).every, read(raw).parts) == (True, ())


@pytest.mark.parametrize("raw", [{"any": []}, {"all": [{"all": []}]}, {"all": [{"any": []}]}])
def test_an_empty_group_means_nothing(raw: Any) -> None:
    with pytest.raises(BadRules, match="at least one rule"):
        read(raw)


ATTRIBUTES: dict[str, tuple[Callable[[int], dict[str, Any]], int]] = {
    "attributes": (lambda n: {f"a{one}": 1 for one in range(n)}, 200),
    "characters of a name": (lambda n: {"a" * n: 1}, 150),
    "characters of a value": (lambda n: {"a": "v" * n}, 10_000),
}


@pytest.mark.parametrize("what", ATTRIBUTES)
def test_a_person_has_at_most_so_many(what: str) -> None:
    make, most = ATTRIBUTES[what]
    assert attributes.outgrown({}, make(most)) is None
    assert attributes.outgrown({}, make(most + 1)) is not None


def test_all_attributes_together_have_at_most_a_hundred_thousand_characters() -> None:
    whole = {f"a{n}": "v" * 9_000 for n in range(11)}
    rest = 100_000 - len(str(whole)) - len(", 'x': ''")
    assert attributes.outgrown({}, whole | {"x": "v" * rest}) is None
    assert "100,000" in str(attributes.outgrown({}, whole | {"x": "v" * (rest + 1)}))


def test_what_somebody_has_from_former_times_may_stay_and_shrink_but_not_grow() -> None:
    many = {f"a{n}": 1 for n in range(250)}
    assert attributes.outgrown(many, many | {"a0": 2}) is None
    assert attributes.outgrown(many, many | {"new": 1}) is not None
    long = {"a" * 200: "v" * 20_000}
    assert attributes.outgrown(long, long | {"b": 1}) is None
    assert attributes.outgrown(long, {"a" * 200: "other"}) is not None


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("text", " 5 ", " 5 "),
        ("number", " 42 ", 42),
        ("number", "-3.5", -3.5),
        ("number", "1e3", 1000.0),
        ("yes_no", "Yes", True),
        ("yes_no", "FALSE", False),
        ("date", " 2026-04-30 ", "2026-04-30"),
        ("date", "2026-04-30T17:00Z", "2026-04-30T17:00Z"),
        ("json", '{"a": [1]}', {"a": [1]}),
    ],
)
def test_a_text_is_read_by_its_kind(kind: str, text: str, value: Any) -> None:
    found = attributes.read(kind, text)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("number", "007"),
        ("number", "1e999"),
        ("number", "x"),
        ("yes_no", "1"),
        ("date", "soon"),
        ("json", "{"),
        ("text", "a\x00"),
        ("text", "v" * 10_001),
        ("king", "x"),
    ],
)
def test_a_text_that_is_not_of_its_kind_is_refused(kind: str, text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        attributes.read(kind, text)


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (True, "yes_no", "yes"),
        (False, "yes_no", "no"),
        (5, "number", "5"),
        (1.5, "number", "1.5"),
        ("2026-04-30", "date", "2026-04-30"),
        ("pro", "text", "pro"),
        ({"ä": 1}, "json", '{"ä": 1}'),
    ],
)
def test_a_value_is_shown_as_what_reads_back(value: Any, kind: str, text: str) -> None:
    assert (attributes.kind_of(value), attributes.shown(value)) == (kind, text)
    assert attributes.read(kind, text) == value


def test_a_name_has_at_most_150_characters_and_no_blanks_around_it() -> None:
    assert attributes.name(f" {'a' * 150} ") == "a" * 150
    for bad in ("a" * 151, " ", "a\x00"):
        with pytest.raises(ValueError, match="name"):
            attributes.name(bad)


TAGS = [
    "p",
    "br",
    "b",
    "strong",
    "i",
    "em",
    "u",
    "s",
    "a",
    "ul",
    "ol",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "blockquote",
    "code",
    "span",
    "div",
    "small",
    "hr",
]


@pytest.mark.parametrize("tag", TAGS)
def test_a_tag_of_the_list_stays(tag: str) -> None:
    kept = safety.draft_html(f'<{tag} dir="rtl" lang="ar">x')
    assert kept.startswith(f"<{tag} ")
    assert 'dir="rtl"' in kept
    assert 'lang="ar"' in kept


def test_the_list_has_no_other_tag() -> None:
    assert sorted(safety.TAGS) == sorted(TAGS)


@pytest.mark.parametrize("scheme", ["http", "https", "mailto", "tel"])
def test_a_link_of_the_list_stays_with_its_title(scheme: str) -> None:
    assert safety.draft_html(f'<a href="{scheme}:x" title="t">x</a>') == f'<a href="{scheme}:x" title="t">x</a>'


def test_a_text_is_cut_after_twenty_thousand_characters() -> None:
    assert safety.html("x" * 20_001) == "x" * 20_000
    assert safety.words("x" * 20_001) == "x" * 20_000
