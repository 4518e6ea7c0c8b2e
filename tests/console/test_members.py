from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from console.accounts.models import AuditEntry, Invitation, Membership, Role, User, Workspace
from console.accounts.services import members
from console.accounts.services.members import LastOwner
from tests.console.cast import Cast, as_, make_cast
from tests.people import make_member


def roles(workspace: Workspace) -> dict[str, str]:
    rows = Membership.objects.filter(workspace=workspace).values_list("user__email", "role")
    return {email.split("@")[0]: role for email, role in rows}


EVERYBODY = {"alice": "owner", "ann": "author", "vic": "viewer"}


class TestTheListOfMembers:
    @pytest.mark.parametrize("name", ["alice", "ann", "vic"])
    def test_is_seen_by_every_member(self, cast: Cast, name: str) -> None:
        page = as_(getattr(cast, name)).get(cast.url("members/"))
        assert page.status_code == 200
        assert "ann@example.org" in page.content.decode()
        assert "charlie" not in page.content.decode()

    def test_is_hidden_from_strangers(self, cast: Cast) -> None:
        assert as_(cast.charlie).get(cast.url("members/")).status_code == 404

    def test_asks_the_signed_out_to_sign_in(self, cast: Cast) -> None:
        answer = Client().get(cast.url("members/"))
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/login/?next=")

    def test_takes_no_other_method(self, cast: Cast) -> None:
        assert as_(cast.alice).put(cast.url("members/")).status_code == 405


class TestInviting:
    def test_a_member_is_refused_beside_the_field(self, cast: Cast) -> None:
        page = as_(cast.alice).post(cast.url("members/"), {"email": "ann@example.org", "role": "owner"})
        assert page.status_code == 409
        assert "is a member already" in page.content.decode()
        assert roles(cast.workspace) == EVERYBODY

    @pytest.mark.parametrize(
        "data",
        [{}, {"email": "no", "role": "author"}, {"email": "x@example.org", "role": "king"}, {"email": "x\x00@y.org"}],
    )
    def test_of_nonsense_is_refused_and_changes_nothing(self, cast: Cast, data: dict[str, str]) -> None:
        page = as_(cast.alice).post(cast.url("members/"), data)
        assert page.status_code == 422
        assert "invalid-feedback" in page.content.decode()
        assert roles(cast.workspace) == EVERYBODY
        assert User.objects.count() == 4
        assert not Invitation.objects.exists()

    @pytest.mark.parametrize(("name", "status"), [("ann", 403), ("vic", 403), ("charlie", 404)])
    def test_is_for_owners(self, cast: Cast, name: str, status: int) -> None:
        data = {"email": "charlie@example.org", "role": "owner"}
        assert as_(getattr(cast, name)).post(cast.url("members/"), data).status_code == status
        assert not Invitation.objects.exists()


def of(cast: Cast, name: str) -> Membership:
    return Membership.objects.get(workspace=cast.workspace, user=getattr(cast, name))


class TestChangingARole:
    def post(self, cast: Cast, who: str, whom: str, role: str) -> Any:
        return as_(getattr(cast, who)).post(cast.url(f"members/{of(cast, whom).pk}/role/"), {"role": role}, follow=True)

    def test_works_for_owners_and_is_written_down(self, cast: Cast) -> None:
        self.post(cast, "alice", "ann", "viewer")
        assert roles(cast.workspace)["ann"] == "viewer"
        assert AuditEntry.objects.get().changes == {"role": ["author", "viewer"]}

    def test_to_the_same_role_is_no_change(self, cast: Cast) -> None:
        self.post(cast, "alice", "ann", "author")
        assert not AuditEntry.objects.exists()

    def test_cannot_take_the_last_owner(self, cast: Cast) -> None:
        page = self.post(cast, "alice", "alice", "viewer")
        assert "A workspace needs an owner" in page.content.decode()
        assert roles(cast.workspace) == EVERYBODY
        assert not AuditEntry.objects.exists()

    def test_does_not_count_owners_who_are_switched_off(self, cast: Cast) -> None:
        bob = make_member(cast.workspace, Role.OWNER, "bob")
        User.objects.filter(pk=bob.pk).update(is_active=False)
        self.post(cast, "alice", "alice", "viewer")
        assert roles(cast.workspace)["alice"] == "owner"

    def test_to_nonsense_is_refused(self, cast: Cast) -> None:
        page = self.post(cast, "alice", "ann", "king")
        assert "Choose one of the roles" in page.content.decode()
        assert roles(cast.workspace) == EVERYBODY

    @pytest.mark.parametrize(("who", "status"), [("ann", 403), ("vic", 403), ("charlie", 404)])
    def test_is_for_owners(self, cast: Cast, who: str, status: int) -> None:
        assert self.post(cast, who, "vic", "owner").status_code == status
        assert roles(cast.workspace) == EVERYBODY

    def test_of_another_workspace_is_not_found(self, cast: Cast) -> None:
        other = Membership.objects.get(user=cast.charlie)
        answer = as_(cast.alice).post(cast.url(f"members/{other.pk}/role/"), {"role": "viewer"})
        assert answer.status_code == 404
        other.refresh_from_db()
        assert other.role == "owner"

    def test_takes_no_get(self, cast: Cast) -> None:
        assert as_(cast.alice).get(cast.url(f"members/{of(cast, 'ann').pk}/role/")).status_code == 405


class TestRemovingAMember:
    def test_works_for_owners_and_is_written_down(self, cast: Cast) -> None:
        as_(cast.alice).post(cast.url(f"members/{of(cast, 'ann').pk}/remove/"))
        assert roles(cast.workspace) == {"alice": "owner", "vic": "viewer"}
        assert AuditEntry.objects.get().verb == "member.removed"
        assert as_(cast.ann).get(cast.url()).status_code == 404

    def test_cannot_take_the_last_owner(self, cast: Cast) -> None:
        as_(cast.alice).post(cast.url(f"members/{of(cast, 'alice').pk}/remove/"))
        assert roles(cast.workspace) == EVERYBODY

    @pytest.mark.parametrize(("who", "status"), [("ann", 403), ("vic", 403), ("charlie", 404)])
    def test_is_for_owners(self, cast: Cast, who: str, status: int) -> None:
        answer = as_(getattr(cast, who)).post(cast.url(f"members/{of(cast, 'ann').pk}/remove/"))
        assert answer.status_code == status
        assert roles(cast.workspace) == EVERYBODY


class TestLeaving:
    def test_viewers_may(self, cast: Cast) -> None:
        assert as_(cast.vic).post("/workspaces/acme/leave/").status_code == 302
        assert roles(cast.workspace) == {"alice": "owner", "ann": "author"}
        assert AuditEntry.objects.get().verb == "member.left"

    def test_the_last_owner_may_not(self, cast: Cast) -> None:
        as_(cast.alice).post("/workspaces/acme/leave/")
        assert roles(cast.workspace) == EVERYBODY

    def test_strangers_find_nothing_to_leave(self, cast: Cast) -> None:
        assert as_(cast.charlie).post("/workspaces/acme/leave/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_of_two_owners_who_leave_at_once_one_stays() -> None:
    cast = make_cast()
    make_member(cast.workspace, Role.OWNER, "bob")
    for _ in range(5):
        Membership.objects.filter(user__email__in=["alice@example.org", "bob@example.org"]).update(role=Role.OWNER)
        owners = list(Membership.objects.filter(workspace=cast.workspace, role=Role.OWNER))
        start, outcomes = threading.Barrier(2), []

        def step_down(membership: Membership, start: threading.Barrier = start, outcomes: list[str] = outcomes) -> None:
            start.wait()
            try:
                members.change_role(membership, role=Role.VIEWER, by=None)
                outcomes.append("stepped down")
            except LastOwner:
                outcomes.append("refused")
            finally:
                connection.close()

        threads = [threading.Thread(target=step_down, args=[owner]) for owner in owners]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(outcomes) == ["refused", "stepped down"]
        assert Membership.objects.filter(workspace=cast.workspace, role=Role.OWNER).count() == 1
