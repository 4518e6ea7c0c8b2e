"""People added, edited and imported by hand."""

from __future__ import annotations

import re
from hashlib import blake2b

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from console.accounts.models import AuditEntry, Role, User, Workspace
from console.common.errors import Conflict
from messaging.people.models import Person
from messaging.people.services import imports
from tests.messaging.test_source_pages import client_of, url
from tests.people import make_person, make_workspace

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace() -> Workspace:
    return make_workspace()


def rows(*triples: tuple[str, str, str]) -> dict[str, list[str]]:
    names, kinds, values = zip(*triples, strict=True)
    return {"attribute_name": list(names), "attribute_kind": list(kinds), "attribute_value": list(values)}


def seen(client: Client, person: Person) -> str:
    found = re.search(r'name="seen" value="(\w+)"', client.get(url("person_edit", pk=person.pk)).content.decode())
    assert found
    return found[1]


def test_a_person_is_added_with_typed_attributes(workspace: Workspace) -> None:
    posted = rows(
        ("plan", "text", "pro"),
        ("age", "number", "42"),
        ("vip", "yes_no", "Yes"),
        ("born", "date", "1990-02-28"),
        ("tags", "json", '["a", 1]'),
        ("", "text", ""),
    )
    client_of(workspace).post(url("person_new"), {"external_id": " ann ", **posted})
    ann = Person.objects.get()
    assert ann.external_id == "ann"
    assert ann.attributes == {"plan": "pro", "age": 42, "vip": True, "born": "1990-02-28", "tags": ["a", 1]}
    assert AuditEntry.objects.get().verb == "person.added"


@pytest.mark.parametrize(
    ("kind", "value", "told"),
    [
        ("number", "many", "Write a number"),
        ("number", "1e999", "Write a number"),
        ("yes_no", "perhaps", "Write yes or no"),
        ("date", "2026-02-31x", "Write a date"),
        ("json", "{", "Write JSON"),
        ("json", '"\\u0000"', "Write JSON"),
        ("json", "[1e999]", "Write JSON"),
        ("json", "[" * 5000, "Write JSON"),
        ("json", "null", "null means no value"),
        ("text", "a\x00b", "NUL"),
        ("colour", "red", "Choose what kind"),
    ],
)
def test_nonsense_is_named_beside_its_row_and_changes_nothing(
    workspace: Workspace, kind: str, value: str, told: str
) -> None:
    person, client = make_person(workspace, "ann", plan="pro"), client_of(workspace)
    answer = client.post(url("person_edit", pk=person.pk), {"seen": seen(client, person), **rows(("x", kind, value))})
    assert answer.status_code == 422
    assert told in answer.content.decode()
    person.refresh_from_db()
    assert person.attributes == {"plan": "pro"}
    assert not AuditEntry.objects.exists()


def test_attributes_that_changed_meanwhile_are_not_overwritten(workspace: Workspace) -> None:
    person, client = make_person(workspace, "ann", plan="pro"), client_of(workspace)
    before = seen(client, person)
    Person.objects.update(attributes={"plan": "free"})
    posted = {"seen": before, **rows(("plan", "text", "gold"))}
    assert client.post(url("person_edit", pk=person.pk), posted).status_code == 422
    assert Person.objects.get().attributes == {"plan": "free"}
    client.post(url("person_edit", pk=person.pk), posted | {"seen": seen(client, person)})
    assert Person.objects.get().attributes == {"plan": "gold"}
    assert AuditEntry.objects.get().changes == {"attributes": "plan"}


def test_an_id_is_given_once(workspace: Workspace) -> None:
    make_person(workspace, "ann")
    client = client_of(workspace)
    for bad in ("ann", "", "x" * 151, "a\x00"):
        assert client.post(url("person_new"), {"external_id": bad}).status_code == 422
    assert Person.objects.count() == 1


def test_viewers_and_strangers_neither_add_edit_nor_import(workspace: Workspace) -> None:
    person = make_person(workspace, "ann", plan="pro")
    viewer, stranger = client_of(workspace, Role.VIEWER), client_of(make_workspace("Other"))
    for page in (url("person_new"), url("person_edit", pk=person.pk), url("people_import")):
        assert viewer.get(page).status_code == viewer.post(page).status_code == 403
        assert stranger.get(page).status_code == stranger.post(page).status_code == 404
    assert "Edit attributes" not in viewer.get(url("person", pk=person.pk)).content.decode()
    assert Person.objects.get().attributes == {"plan": "pro"}


def send(client: Client, content: bytes, **posted: str) -> str:
    answer = client.post(
        url("people_import"), {"file": SimpleUploadedFile("people.csv", content), **posted}, follow=True
    )
    assert answer.status_code == 200
    return answer.content.decode()


def preview(client: Client, content: bytes, **posted: str) -> dict[str, str]:
    found = re.search(r'name="previewed" value="(\w+)"', send(client, content, **posted))
    assert found
    return {"previewed": found[1], **posted}


def test_a_sheet_is_previewed_and_then_applied(workspace: Workspace) -> None:
    make_person(workspace, "ann", plan="free", city="Oslo")
    make_person(workspace, "bob", plan="pro")
    content = b"\xef\xbb\xbfid;plan;age;zip\r\nann;pro;41;0123\r\nbob;pro;;\r\n\r\ncid;;7;0150\r\n"
    client = client_of(workspace)
    page = send(client, content)
    assert "<b>1</b> new, <b>1</b> changed, <b>1</b> as they are" in page
    assert Person.objects.count() == 2
    send(client, content, apply="1", **preview(client, content), kind_3="skip", name_2="years")
    assert {p.external_id: p.attributes for p in Person.objects.all()} == {
        "ann": {"plan": "pro", "city": "Oslo", "years": 41},
        "bob": {"plan": "pro"},
        "cid": {"years": 7},
    }
    assert AuditEntry.objects.get().changes == {"new": 1, "changed": 1}


def test_a_file_that_was_not_previewed_is_not_applied(workspace: Workspace) -> None:
    client = client_of(workspace)
    send(client, b"id\nann\nbob", apply="1", **preview(client, b"id\nann"))
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "no column named id"),
        (b"name\nann", "no column named id"),
        (b"id,ID\na,b", "Two columns are named id"),
        (b"id,plan,plan\na,b,c", "Two columns become"),
        (b"id,\na,b", "Column 2: Give the attribute a name"),
        (b"id", "nobody in the file"),
        (b"id\nann\n\nann", "Line 4: Duplicate id “ann” (first in line 2)"),
        (b"id,x\n,1", "Line 2: The id is blank"),
        (b"id\n" + b"x" * 151, "The id has 151 characters"),
        (b"id,x\nann,a\x00b", "Line 2: It holds a NUL"),
        (b"id\nann,b", "2 cells under 1 columns"),
        (b'id,x\nann,"a', "a quote that is not closed"),
        (b"id,x\nann,\xff\xe9", "not in this encoding"),
        ("id\nann".encode("utf-16") + b"\x00", "not in this encoding"),
        (b"id,x\nann," + b"a" * 200_000, "cannot be read from here on"),
    ],
)
def test_what_is_wrong_with_a_sheet_is_told_by_line_and_nobody_is_imported(
    workspace: Workspace, content: bytes, told: str
) -> None:
    client = client_of(workspace)
    assert told in send(client, content)
    assert told in send(client, content, apply="1", previewed=blake2b(content, digest_size=16).hexdigest())
    assert not Person.objects.exists()


def test_other_encodings_are_read(workspace: Workspace) -> None:
    client = client_of(workspace)
    for content, encoding in (
        ("id\tname\nann\tZoë".encode("utf-16"), ""),
        ("id,name\nbob,Zoë".encode("cp1252"), "cp1252"),
    ):
        send(client, content, apply="1", **preview(client, content, encoding=encoding))
    assert {p.external_id: p.attributes["name"] for p in Person.objects.all()} == {"ann": "Zoë", "bob": "Zoë"}


def test_a_merged_persons_id_means_who_they_are_now(workspace: Workspace) -> None:
    ann = make_person(workspace, "ann")
    old = make_person(workspace, "old")
    Person.objects.filter(pk=old.pk).update(merged_into=ann.pk)
    client, content = client_of(workspace), b"id,plan\nold,pro"
    send(client, content, apply="1", **preview(client, content))
    ann.refresh_from_db()
    assert ann.attributes == {"plan": "pro"}
    assert Person.objects.count() == 2


def test_too_large_a_file_and_none_are_refused(workspace: Workspace) -> None:
    client = client_of(workspace)
    large = SimpleUploadedFile("people.csv", b"id\n" + b"x\n" * (5 * 1024 * 512))
    assert client.post(url("people_import"), {"file": large}).status_code == 422
    assert client.post(url("people_import"), {}).status_code == 422
    assert (
        client.post(url("people_import"), {"file": SimpleUploadedFile("a", b"id\na"), "encoding": "rot13"}).status_code
        == 422
    )
    assert not Person.objects.exists()


def test_a_sheet_that_gives_somebody_too_much_imports_nobody(workspace: Workspace) -> None:
    make_person(workspace, "ann", **{f"n{n}": "x" * 9_900 for n in range(10)})
    content = b"id,note\nann," + b"x" * 2_000 + b"\nbob,short\n"
    client = client_of(workspace)
    page = send(client, content)
    assert "ann: All attributes of a person have at most 100,000 characters" in page
    assert 'name="apply"' not in page
    with pytest.raises(Conflict, match=r"^ann: All attributes"):
        imports.apply(workspace=workspace, by=User.objects.get(), people=[("ann", {"note": "x" * 2_000}), ("bob", {})])
    assert Person.objects.count() == 1
    assert not AuditEntry.objects.exists()


def test_a_person_by_hand_gets_no_more_than_anybody(workspace: Workspace) -> None:
    person = make_person(workspace, "ann", **{f"n{n:02}": "x" * 9_900 for n in range(10)})
    client = client_of(workspace)
    kept = [(name, "text", value) for name, value in person.attributes.items()]
    where = url("person_edit", pk=person.pk)
    answer = client.post(where, {"seen": seen(client, person), **rows(*kept, ("note", "text", "x" * 2_000))})
    assert answer.status_code == 422
    assert "at most 100,000 characters" in answer.content.decode()
    person.refresh_from_db()
    assert "note" not in person.attributes
    assert client.post(where, {"seen": seen(client, person), **rows(*kept[1:])}).status_code == 302
