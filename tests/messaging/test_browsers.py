"""Whose a browser is: linked by the first call that names both, so that one person is not two."""

from __future__ import annotations

import pytest

from console.accounts.models import Workspace
from messaging import public
from messaging.people.models import AnonymousId, Person
from tests.messaging.factories import make_call
from tests.people import make_person, make_workspace

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace() -> Workspace:
    return make_workspace()


def owner(browser: str) -> str | None:
    return AnonymousId.objects.select_related("person").get(anonymous_id=browser).person.external_id


def people(workspace: Workspace) -> list[str | None]:
    return sorted(Person.objects.of(workspace).values_list("external_id", flat=True), key=str)


@pytest.mark.parametrize("kind", ["identify", "track"])
def test_a_call_that_names_both_links_the_browser(kind: str, workspace: Workspace) -> None:
    public.apply_calls([make_call(workspace, kind, "ada", "phone", "x")])
    assert owner("phone") == "ada"


@pytest.mark.parametrize("kind", ["identify", "track"])
def test_what_the_browser_does_afterwards_is_the_persons(kind: str, workspace: Workspace) -> None:
    public.apply_calls([make_call(workspace, kind, "ada", "phone", "x")])
    public.apply_calls([make_call(workspace, "track", None, "phone", "x")])
    assert people(workspace) == ["ada"]


def test_a_track_call_does_not_take_a_browser_from_whose_it_is(workspace: Workspace) -> None:
    public.apply_calls([make_call(workspace, "identify", "ada", "phone")])
    public.apply_calls([make_call(workspace, "track", "bob", "phone", "x")])
    assert owner("phone") == "ada"
    assert people(workspace) == ["ada", "bob"]


def test_an_identify_call_of_another_user_takes_the_browser_and_merges_nobody(workspace: Workspace) -> None:
    public.apply_calls([make_call(workspace, "identify", "ada", "phone")])
    assert public.apply_calls([make_call(workspace, "identify", "bob", "phone")]) == []
    assert owner("phone") == "bob"
    assert people(workspace) == ["ada", "bob"]


def test_a_browser_of_another_workspace_is_another_browser(workspace: Workspace) -> None:
    other = make_workspace("Other")
    public.apply_calls([make_call(other, "identify", "ada", "phone")])
    public.apply_calls([make_call(workspace, "track", None, "phone", "x")])
    assert people(workspace) == [None]
    assert people(other) == ["ada"]


@pytest.mark.parametrize(("length", "known"), [(150, True), (151, False)])
@pytest.mark.parametrize("which", ["user", "anonymous"])
def test_an_id_has_at_most_150_characters(which: str, length: int, known: bool, workspace: Workspace) -> None:
    ids = {"user": "ada", "anonymous": "phone"} | {which: "x" * length}
    public.apply_calls([make_call(workspace, "identify", ids["user"], ids["anonymous"])])
    assert Person.objects.of(workspace).exists() is known
    assert AnonymousId.objects.exists() is known


@pytest.mark.parametrize(("length", "made"), [(150, True), (151, False)])
def test_the_previous_id_of_an_alias_has_at_most_150_characters(length: int, made: bool, workspace: Workspace) -> None:
    ada = make_person(workspace, "ada")
    public.apply_calls([make_call(workspace, "alias", "ada", None, previousId="x" * length)])
    assert AnonymousId.objects.filter(person=ada).exists() is made
