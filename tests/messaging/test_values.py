"""docs/attributes.md as a table: how values are read, in rules (Python and PostgreSQL) and in Liquid."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.accounts.models import Workspace
from messaging import liquid
from messaging.common import scalars
from messaging.people.models import Person
from messaging.rules import Op, matches, read, where
from tests.messaging.oracle import chosen
from tests.people import make_person, make_workspace
from tracking.ingest import clock

YEAR_2026 = 1_767_225_600  # seconds since 1970 of its first moment
IS = [
    # what a person has, what is asked, whether it is that
    ("pro", "pro", True),
    ("Pro", "pro", False),
    ("pro ", "pro", False),
    ("", "0", False),
    (5, "5", True),
    (5, 5, True),
    (5.0, "5", True),
    (5, "5.0", True),
    (5, 5.0, True),
    ("5", 5, True),
    ("5.0", 5, False),
    ("05", 5, False),
    (-0.5, "-0.5", True),
    (0, "0", True),
    (0, "-0", True),
    (1, True, False),
    (True, 1, False),
    (True, True, True),
    (True, "yes", True),
    (True, "YES", True),
    (True, "true", True),
    (True, "1", False),
    (False, "no", True),
    (False, "False", True),
    (False, "", None),
    ("yes", True, False),
    ("yes", "Yes", False),
    (None, "yes", False),
    (["a"], "a", False),
    ({"a": 1}, "a", False),
]
MORE = [
    # what a person has, a number, whether it is more, whether it is less
    (10, 9, True, False),
    (10, 10, False, False),
    (9.999, 10, False, True),
    ("10", 9, True, False),
    ("10", "9", True, False),
    ("9", "10", False, True),
    ("10.5", 10.5, False, False),
    ("-1", 0, False, True),
    ("1e3", 5, False, False),
    ("1,000", 5, False, False),
    (" 10", 5, False, False),
    ("٣", 2, False, False),
    ("ten", 5, False, False),
    ("", 5, False, False),
    (True, 0, False, False),
    (None, 0, False, False),
    ([10], 5, False, False),
    (10**20, 10**20 - 1, True, False),
]
WHEN = [
    # what a person has, a date, whether it is before, whether it is after
    ("2025-12-31", "2026-01-01", True, False),
    ("2026-01-01", "2026-01-01", False, False),
    ("2026-01-01T00:00:01", "2026-01-01", False, True),
    ("2026-01-01T00:30:00+01:00", "2026-01-01", True, False),
    ("2025-12-31T23:30:00-01:00", "2026-01-01", False, True),
    (YEAR_2026, "2026-01-01", False, False),
    (YEAR_2026 - 1, "2026-01-01", True, False),
    (YEAR_2026 * 1000, "2026-01-01", False, False),
    (YEAR_2026 * 1000 - 1, "2026-01-01", True, False),
    (YEAR_2026 * 1000 + 1, "2026-01-01", False, True),
    (str(YEAR_2026), "2026-01-01", False, False),
    (str(YEAR_2026 * 1000 + 1), "2026-01-01", False, True),
    (YEAR_2026 + 0.5, "2026-01-01", False, True),
    (99_999_999_999, "3000-01-01", False, True),  # the last number of seconds is in the year 5138
    (100_000_000_000, "3000-01-01", True, False),  # the first of milliseconds in 1973
    (-86_400, "1970-01-01", True, False),
    (-100_000_000_000, "1960-01-01", False, True),  # of milliseconds before 1970, as after it
    ("31.12.2025", "2026-01-01", False, False),
    ("soon", "2026-01-01", False, False),
    (True, "2026-01-01", False, False),
    (None, "2026-01-01", False, False),
]


def holds(op: str, has: Any, value: Any) -> bool:
    """What Python, PostgreSQL and the oracle agree on."""
    tree = {"all": [{"attribute": "a", "op": op, "value": value}]}
    rules = read(tree)
    person = make_person(make_workspace(f"W{Workspace.objects.count()}"), None, a=has)
    answers = {
        matches(rules, {"a": has}),
        Person.objects.filter(where(rules), pk=person.pk).exists(),
        chosen(tree, {"a": has}),
    }
    assert len(answers) == 1, answers
    return answers.pop()


@pytest.mark.django_db
@pytest.mark.parametrize(("has", "asked", "answer"), [row for row in IS if row[2] is not None])
def test_is(has: Any, asked: Any, answer: bool) -> None:
    assert holds("is", has, asked) is answer
    assert holds("is_not", has, asked) is not answer
    assert holds("in", has, ["never", asked]) is answer
    assert holds("not_in", has, ["never", asked]) is not answer
    assert holds("contains", [0.25, has], asked) is answer


@pytest.mark.django_db
@pytest.mark.parametrize(("has", "number", "more", "less"), MORE)
def test_more_and_less(has: Any, number: Any, more: bool, less: bool) -> None:
    assert holds("gt", has, number) is more
    assert holds("lt", has, number) is less


@pytest.mark.django_db
@pytest.mark.parametrize(("has", "date", "before", "after"), WHEN)
def test_before_and_after(has: Any, date: str, before: bool, after: bool) -> None:
    assert holds("before", has, date) is before
    assert holds("after", has, date) is after


@pytest.mark.parametrize(("has", "number", "more", "less"), MORE)
def test_liquid_compares_numbers_as_rules_do(has: Any, number: Any, more: bool, less: bool) -> None:
    data = {"customer": {"a": has, "b": number}}
    assert liquid.fill("{% if customer.a > customer.b %}yes{% endif %}", data) == ("yes" if more else "")
    assert liquid.fill("{% if customer.a < customer.b %}yes{% endif %}", data) == ("yes" if less else "")


@pytest.mark.parametrize(
    ("value", "year"),
    [(YEAR_2026, "2026"), (YEAR_2026 * 1000, "2026"), (str(YEAR_2026 * 1000), "2026"), ("2026-04-30", "2026")],
)
def test_liquid_reads_dates_as_rules_do(value: Any, year: str) -> None:
    assert liquid.fill("{{ customer.at | date: '%Y' }}", {"customer": {"at": value}}) == year


@pytest.mark.parametrize(
    "value",
    [0, YEAR_2026, YEAR_2026 * 1000, 99_999_999_999, 100_000_000_000, "2026-01-31", "2026-01-31T10:00:00+02:00"],
)
def test_reported_times_and_dates_of_people_are_read_alike(value: Any) -> None:
    when, mine = clock.read(value), scalars.instant(value)
    assert when is not None
    assert mine is not None
    assert when - datetime(1970, 1, 1, tzinfo=UTC) == timedelta(seconds=float(mine))


SMALL = st.sampled_from([-1, 0, 1, 2, 2.0, 2.5, 10, 1e3])
WORDS = st.sampled_from(["", "a", "b", "ab", "2", "2.0", "2.5", "10", "-1", "yes", "No", "TRUE", "false", "0"])
DATES = st.sampled_from(["2026-01-01", "2026-01-01T00:00:00Z", "2026-01-02T01:00:00+02:00", "1970-01-01", "x"])
TIMES = st.sampled_from([0, YEAR_2026, YEAR_2026 * 1000, str(YEAR_2026), 86_400])
SCALARS = st.one_of(SMALL, WORDS, DATES, TIMES, st.booleans())
VALUES = st.one_of(SCALARS, st.none(), st.lists(SCALARS, max_size=3))
NAMES = st.sampled_from(["p", "q"])


@st.composite
def leaves(draw: st.DrawFn) -> dict[str, Any]:
    op = draw(st.sampled_from(list(Op)))
    given: st.SearchStrategy[Any] = SCALARS.filter(lambda one: one != "")
    if op in (Op.EXISTS, Op.NOT_EXISTS):
        return {"attribute": draw(NAMES), "op": op.value}
    if op in (Op.IN, Op.NOT_IN):
        given = st.lists(given, min_size=1, max_size=3)
    elif op in (Op.GREATER, Op.LESS):
        given = st.one_of(SMALL, st.sampled_from(["2", "2.5", "10", "-1"]))
    elif op in (Op.BEFORE, Op.AFTER):
        given = st.one_of(DATES.filter(lambda one: one != "x"), TIMES)
    return {"attribute": draw(NAMES), "op": op.value, "value": draw(given)}


TREES = st.recursive(
    leaves(),
    lambda inner: st.builds(
        lambda word, parts: {word: parts}, st.sampled_from(["all", "any"]), st.lists(inner, min_size=1, max_size=3)
    ),
    max_leaves=4,
)


@pytest.mark.django_db
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(crowd=st.lists(st.dictionaries(NAMES, VALUES), min_size=4, max_size=10), tree=TREES)
def test_rules_choose_whom_the_oracle_chooses(crowd: list[dict[str, Any]], tree: dict[str, Any]) -> None:
    Person.objects.all().delete()
    workspace, _ = Workspace.objects.get_or_create(name="Acme", slug="acme")
    rows = Person.objects.bulk_create(Person(workspace=workspace, attributes=one) for one in crowd)
    rules = read({"all": [tree]})
    expected = {row.pk for row, one in zip(rows, crowd, strict=True) if chosen(tree, one)}
    assert {row.pk for row, one in zip(rows, crowd, strict=True) if matches(rules, one)} == expected
    assert set(Person.objects.filter(where(rules)).values_list("pk", flat=True)) == expected
