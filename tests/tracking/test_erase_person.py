"""Deleting a person from their page."""

from __future__ import annotations

import pytest
from django.urls import reverse

from console.accounts.models import AuditEntry, Role, Workspace
from console.accounts.services import audit
from messaging.people.models import Person
from tests.messaging.test_source_pages import client_of
from tests.people import make_person, make_workspace

pytestmark = pytest.mark.django_db


def erase_url(pk: int) -> str:
    return reverse("tracking:erase_person", kwargs={"workspace": "acme", "pk": pk})


def test_an_owner_deletes_a_person_and_the_audit_log_forgets_who_it_was(workspace: Workspace) -> None:
    ada = make_person(workspace, "ada", plan="pro")
    audit.record(workspace=workspace, by=None, verb="person.changed", target=ada)
    answer = client_of(workspace, Role.OWNER).post(erase_url(ada.pk), follow=True)
    assert "The person is deleted" in answer.content.decode()
    assert not Person.objects.exists()
    assert AuditEntry.objects.get(verb="person.erased").changes == {"person": ada.pk, "events": 0}
    assert not AuditEntry.objects.filter(object_label__contains="ada").exists()


@pytest.mark.parametrize("role", [Role.VIEWER, Role.AUTHOR])
def test_only_owners_delete_people(workspace: Workspace, role: Role) -> None:
    ada = make_person(workspace, "ada")
    client = client_of(workspace, role)
    assert client.post(erase_url(ada.pk)).status_code == 403
    page = reverse("messaging:person", kwargs={"workspace": "acme", "pk": ada.pk})
    assert "Delete this person" not in client.get(page).content.decode()
    assert Person.objects.exists()


def test_nobody_elses_people_are_deleted(workspace: Workspace) -> None:
    other = make_workspace("Other")
    bob = make_person(other, "bob")
    owner, stranger = client_of(workspace, Role.OWNER), client_of(other, Role.OWNER)
    assert owner.post(erase_url(bob.pk)).status_code == 404
    assert owner.post(erase_url(9_999_999_999)).status_code == 404
    assert owner.post(erase_url(10**30)).status_code == 404
    assert owner.get(erase_url(bob.pk)).status_code == 405
    assert stranger.post(erase_url(bob.pk)).status_code == 404
    assert Person.objects.filter(pk=bob.pk).exists()
    assert not AuditEntry.objects.exists()
