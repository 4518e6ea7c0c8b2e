"""What nobody touched in a form stays as it was; what a file or a field says is read without loss."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from console.accounts.models import Workspace
from messaging.people import attributes
from messaging.people.forms import AttributeForm
from messaging.people.models import Person
from messaging.people.services import people
from messaging.rules.forms import RuleForm
from messaging.segments.models import Segment
from tests.messaging.test_source_pages import client_of, url
from tests.people import make_person, make_workspace

ODD: dict[str, Any] = {
    "lines": "one\ntwo\r\nthree\rfour",
    "first": "\nstarts with a line break",
    " padded ": " value ",
    "two\nlines": "name",
    "long": "x" * 12_000,
    "list": ["a", 1.50, None],
    "number": 5.0,
    "huge": 10**40,
    "vip": True,
    "": "",
    "empty": "",
    "when": "2026-01-31",
}


def sent_back(rows: list[Any], prefix: str, columns: tuple[str, ...]) -> QueryDict:
    """As a browser posts what it was shown: one line in inputs, CR LF in text areas."""
    posted = QueryDict(mutable=True)
    for row in rows:
        for column in columns:
            text = str(getattr(row, column))
            if column == "value" and prefix == "attribute_":
                text = re.sub(r"\r\n|\r|\n", "\r\n", text)
            else:
                text = re.sub(r"[\r\n]", "", text)
            posted.appendlist(prefix + column, text)
    return posted


def attributes_sent_back(kept: dict[str, Any]) -> QueryDict:
    return sent_back(AttributeForm(kept).rows, "attribute_", ("name", "kind", "value"))


def rules_sent_back(kept: dict[str, Any]) -> QueryDict:
    form = RuleForm(kept)
    posted = sent_back(form.rows, "rule_", ("attribute", "op", "value"))
    posted["rules_join"] = form.join
    return posted


def test_attributes_that_come_back_as_they_were_shown_are_as_they_were() -> None:
    form = AttributeForm(ODD, attributes_sent_back(ODD))
    assert form.is_valid(), [row for row in form.rows if row.error]
    assert form.attributes == ODD
    assert repr(form.attributes["number"]) == "5.0"


def test_one_that_is_changed_changes_no_other() -> None:
    posted = attributes_sent_back(ODD)
    values, names = posted.getlist("attribute_value"), posted.getlist("attribute_name")
    values[names.index("when")] = "2026-02-01"
    posted.setlist("attribute_value", values)
    form = AttributeForm(ODD, posted)
    assert form.is_valid()
    assert form.attributes == ODD | {"when": "2026-02-01"}


def test_one_that_is_changed_keeps_its_odd_name() -> None:
    posted = attributes_sent_back({" padded ": "a"})
    posted["attribute_value"] = "b\r\nc"
    assert AttributeForm({" padded ": "a"}, posted).attributes == {" padded ": "b\nc"}


def test_one_that_is_removed_is_gone_and_one_that_is_added_is_read() -> None:
    posted = attributes_sent_back({"a": 1})
    posted.appendlist("attribute_name", " b ")
    posted.appendlist("attribute_kind", "number")
    posted.appendlist("attribute_value", "2")
    assert AttributeForm({"a": 1, "gone": 2}, posted).attributes == {"a": 1, "b": 2}


def test_more_than_may_be_written_by_hand_can_still_be_edited() -> None:
    many = {f"a{n}": n for n in range(230)}
    assert AttributeForm(many, attributes_sent_back(many)).is_valid()
    more = attributes_sent_back(many | {"one more": 1})
    assert not AttributeForm(many, more).is_valid()


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ({"old": "x" * 12_000}, {"old": "x" * 12_000, "new": 1}, None),
        ({"old": "x" * 12_000}, {"old": "y" * 12_000}, "old: the value has"),
        ({"old": "x" * 12_000}, {"old": "x" * 9_000}, None),
        ({"n" * 151: 1}, {"n" * 151: 1, "new": 1}, None),
        ({}, {"n" * 150: "x" * 10_000}, None),
        ({}, {"n" * 151: 1}, "has 151 characters"),
        ({}, {"a": "x" * 10_001}, "a: the value has"),
        ({str(n): n for n in range(230)}, {str(n): -n for n in range(230)}, None),
        ({str(n): n for n in range(230)}, {str(n): n for n in range(231)}, "at most 200 attributes"),
        ({}, {str(n): n for n in range(200)}, None),
        ({}, {str(n): n for n in range(201)}, "at most 200 attributes"),
        ({str(n): "x" * 9_000 for n in range(20)}, {str(n): "x" * 9_000 for n in range(20)}, None),
        ({}, {str(n): "x" * 9_000 for n in range(20)}, "All attributes of a person"),
    ],
)
def test_what_somebody_has_from_former_times_limits_no_other_change(
    before: dict[str, Any], after: dict[str, Any], told: str | None
) -> None:
    wrong = attributes.outgrown(before, after)
    assert wrong is None if told is None else told in (wrong or "")


def test_a_long_text_cannot_be_made_longer() -> None:
    posted = attributes_sent_back({"long": "x" * 12_000})
    posted["attribute_value"] = "x" * 12_001
    assert not AttributeForm({"long": "x" * 12_000}, posted).is_valid()


@pytest.mark.django_db
def test_the_page_shows_a_text_that_starts_with_a_line_break_whole() -> None:
    person = make_person(make_workspace(), "ann", first="\nsecond line")
    page = client_of(person.workspace).get(url("person_edit", pk=person.pk)).content.decode()
    assert 'aria-label="Value">\n\nsecond line</textarea>' in page


RULES = {
    "all": [
        {"attribute": "company", "op": "in", "value": ["Acme, Inc.", 'The "X"', " padded ", "Plain", 5, True]},
        {"attribute": " padded ", "op": "is", "value": " x "},
        {"attribute": "vip", "op": "is", "value": True},
        {"attribute": "age", "op": "gt", "value": 5.5},
        {"attribute": "note", "op": "contains", "value": "two\nlines"},
        {"attribute": "mail", "op": "exists"},
    ]
}


def test_conditions_that_come_back_as_they_were_shown_are_as_they_were() -> None:
    form = RuleForm(RULES, rules_sent_back(RULES))
    assert form.is_valid()
    assert form.rules == RULES


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a, b", ["a", "b"]),
        ('"Acme, Inc."', ["Acme, Inc."]),
        ('"Acme, Inc.", Umbrella ,"x"', ["Acme, Inc.", "Umbrella", "x"]),
        ('"The ""X"""', ['The "X"']),
        ('5" pipe, 6" pipe', ['5" pipe', '6" pipe']),
        (" a ,, b ,", ["a", "b"]),
        ('" padded "', [" padded "]),
        ("Zoë;x", ["Zoë;x"]),
    ],
)
def test_a_list_in_a_field_is_read_with_quotes(text: str, values: list[str]) -> None:
    posted = QueryDict(mutable=True)
    posted.update({"rule_attribute": "a", "rule_op": "in", "rule_value": text})
    form = RuleForm(data=posted)
    assert form.is_valid()
    assert form.rules == {"all": [{"attribute": "a", "op": "in", "value": values}]}
    assert RuleForm(form.rules, rules_sent_back(form.rules)).rules == {}  # nothing is read before it is asked for
    again = RuleForm(None, rules_sent_back(form.rules))
    assert again.is_valid()
    assert again.rules == form.rules


@pytest.mark.parametrize("text", ['"Acme, Inc.', '"a"b', '"a" "b"'])
def test_quotes_that_make_no_sense_are_told_beside_the_row(text: str) -> None:
    posted = QueryDict(mutable=True)
    posted.update({"rule_attribute": "a", "rule_op": "in", "rule_value": text})
    form = RuleForm(data=posted)
    assert not form.is_valid()
    assert "Put quotes around" in form.rows[0].error


@pytest.mark.django_db
def test_a_segment_saved_again_is_as_it_was(client: Client) -> None:
    workspace = make_workspace()
    segment = Segment.objects.create(workspace=workspace, name="Odd", rules=RULES)
    posted = rules_sent_back(RULES)
    posted["name"] = "Odd"
    answer = client_of(workspace).post(
        url("segment", pk=segment.pk), posted.urlencode(), content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 302
    assert Segment.objects.get().rules == RULES


@pytest.mark.django_db
@pytest.mark.parametrize("id", ["VXNlcjoxMg==", "YQ=", "a=b", "=", "plan=pro"])
def test_an_id_with_equals_signs_is_found(id: str) -> None:
    workspace: Workspace = make_workspace()
    make_person(workspace, id)
    other = make_person(workspace, "other", plan="pro")
    found = set(people.search(workspace, id).values_list("external_id", flat=True))
    assert found == ({id, "other"} if id == "plan=pro" else {id})
    assert Person.objects.get(pk=other.pk).attributes == {"plan": "pro"}
