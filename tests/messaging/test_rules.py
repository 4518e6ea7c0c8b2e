from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.accounts.models import Workspace
from messaging.errors import BadRules
from messaging.people.models import Person
from messaging.rules import Op, matches, read, where
from tests.people import make_person, make_workspace

pytestmark = pytest.mark.django_db


def leaf(attribute: str, op: str, value: Any = None) -> dict[str, Any]:
    return {"attribute": attribute, "op": op} | ({} if value is None else {"value": value})


@pytest.mark.parametrize(
    ("attributes", "rule", "expected"),
    [
        ({"plan": "pro"}, leaf("plan", "is", "pro"), True),
        ({"plan": "Pro"}, leaf("plan", "is", "pro"), False),
        ({"age": 5}, leaf("age", "is", "5"), True),
        ({"age": 5.0}, leaf("age", "is", "5"), True),
        ({"age": "5"}, leaf("age", "is", 5), True),
        ({"beta": True}, leaf("beta", "is", "yes"), True),
        ({"beta": 1}, leaf("beta", "is", True), False),
        ({}, leaf("plan", "is_not", "pro"), True),
        ({"plan": None}, leaf("plan", "exists"), False),
        ({"plan": ""}, leaf("plan", "exists"), True),
        ({}, leaf("plan", "not_exists"), True),
        ({"mail": "ann@x.org"}, leaf("mail", "contains", "@x"), True),
        ({"tags": ["a", 5]}, leaf("tags", "contains", "5"), True),
        ({"tags": ["ab"]}, leaf("tags", "contains", "a"), False),
        ({}, leaf("tags", "not_contains", "a"), True),
        ({"age": 30}, leaf("age", "gt", "29.5"), True),
        ({"age": "30"}, leaf("age", "gt", 29), True),
        ({"age": 30}, leaf("age", "lt", 30), False),
        ({"at": "2026-01-31"}, leaf("at", "before", "2026-02-01"), True),
        ({"at": "2026-01-31T23:00:00-02:00"}, leaf("at", "after", "2026-02-01"), True),
        ({"at": "2026-02-30"}, leaf("at", "is_not", "x"), True),
        ({"at": "31.1.2026"}, leaf("at", "before", "2026-02-01"), False),
        ({"at": 0}, leaf("at", "before", "1970-01-02"), True),
        ({"plan": "b"}, leaf("plan", "in", ["a", "b"]), True),
        ({}, leaf("plan", "not_in", ["a", "b"]), True),
        ({"5": "five"}, leaf("5", "is", "five"), True),
    ],
)
def test_a_rule_means_the_same_in_python_and_in_postgresql(
    attributes: dict[str, Any], rule: dict[str, Any], expected: bool
) -> None:
    rules = read({"all": [rule]})
    make_person(make_workspace(), **attributes)
    assert matches(rules, attributes) is expected
    assert Person.objects.filter(where(rules)).exists() is expected


def test_no_rules_mean_everyone() -> None:
    make_person(make_workspace())
    for nothing in ({}, {"all": []}, None):
        assert matches(read(nothing), {})
        assert Person.objects.filter(where(read(nothing))).count() == 1


TEXT = st.sampled_from(
    ["", "a", "ab", "5", "5.0", "-1", "true", "Yes", "é", "'", '"', "%", "\\", "2026-01-31", "2024-02-30"]
)
WHEN = st.from_regex(
    r"\A(19|20)[0-9]{2}-(0[1-9]|1[0-2])-[0-3][0-9](T[0-2][0-9]:[0-5][0-9](:[0-5][0-9](\.[0-9]{1,3})?)?(Z|[+-][01][0-9]:[03]0)?)?\Z"
)
NUMBER = st.one_of(st.integers(-6, 6), st.integers(-(10**25), 10**25), st.floats(allow_nan=False, allow_infinity=False))
SCALAR = st.one_of(TEXT, WHEN, NUMBER, st.booleans())
NAMES = st.sampled_from(["a", "b", "5", "a b", 'q"', "é%s"])
VALUE = st.one_of(SCALAR, st.none(), st.lists(SCALAR, max_size=3), st.dictionaries(NAMES, SCALAR, max_size=2))
ATTRIBUTES = st.dictionaries(NAMES, VALUE, max_size=5)


@st.composite
def leaves(draw: st.DrawFn) -> dict[str, Any]:
    op = draw(st.sampled_from(list(Op)))
    value: Any
    if op in (Op.EXISTS, Op.NOT_EXISTS):
        value = None
    elif op in (Op.IN, Op.NOT_IN):
        value = draw(st.lists(SCALAR.filter(lambda one: one != ""), min_size=1, max_size=3))
    elif op in (Op.GREATER, Op.LESS):
        value = draw(NUMBER)
    elif op in (Op.BEFORE, Op.AFTER):
        value = draw(st.sampled_from(["2026-01-31", "2000-01-01T12:30:00+02:00", "1999-12-31T23:59:59.5Z", 5]))
    else:
        value = draw(SCALAR.filter(lambda one: one != ""))
    return {"attribute": draw(NAMES), "op": op.value, "value": value}


TREES = st.recursive(
    leaves(),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"all": parts}),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"any": parts}),
    ),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(crowd=st.lists(ATTRIBUTES, min_size=1, max_size=8), tree=st.lists(TREES, max_size=3))
def test_random_rules_choose_the_same_people_in_python_and_in_postgresql(
    crowd: list[dict[str, Any]], tree: list[dict[str, Any]]
) -> None:
    try:
        rules = read({"all": tree})
    except BadRules:
        return  # too deep
    Person.objects.all().delete()
    workspace, _ = Workspace.objects.get_or_create(name="Acme", slug="acme")
    rows = Person.objects.bulk_create(Person(workspace=workspace, attributes=attributes) for attributes in crowd)
    chosen = set(Person.objects.filter(where(rules)).values_list("pk", flat=True))
    assert chosen == {row.pk for row, attributes in zip(rows, crowd, strict=True) if matches(rules, attributes)}


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        ([1], ""),
        ("x", ""),
        ({"some": []}, ""),
        ({"all": [], "any": []}, ""),
        ({"all": {}}, "/all"),
        ({"any": []}, "/any"),
        ({"any": [{"all": []}]}, "/any/0/all"),
        ({"all": [5]}, "/all/0"),
        ({"all": [{"attribute": "", "op": "is", "value": 1}]}, "/all/0/attribute"),
        ({"all": [{"attribute": "a", "op": "like", "value": 1}]}, "/all/0/op"),
        ({"all": [{"attribute": "a", "op": "is"}]}, "/all/0/value"),
        ({"all": [{"attribute": "a", "op": "is", "value": "x\x00"}]}, "/all/0/value"),
        ({"all": [{"attribute": "a", "op": "gt", "value": "ten"}]}, "/all/0/value"),
        ({"all": [{"attribute": "a", "op": "before", "value": "soon"}]}, "/all/0/value"),
        ({"all": [{"attribute": "a", "op": "in", "value": "x"}]}, "/all/0/value"),
        ({"all": [{"attribute": "a", "op": "is", "value": 1, "or": 2}]}, "/all/0"),
        ({"any": [leaf("a", "exists")] * 101}, ""),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(raw: Any, place: str) -> None:
    with pytest.raises(BadRules) as refusal:
        read(raw)
    assert refusal.value.where == place
