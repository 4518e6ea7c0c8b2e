"""The cast on stage: a workspace with an owner, an author and a viewer, and a stranger with one of her own."""

from __future__ import annotations

from dataclasses import dataclass

from django.test import Client

from console.accounts.models import Role, User, Workspace
from tests.people import make_member, make_workspace


@dataclass(frozen=True)
class Cast:
    workspace: Workspace
    alice: User
    ann: User
    vic: User
    charlie: User

    def url(self, tail: str = "") -> str:
        return f"/w/{self.workspace.slug}/{tail}"


def make_cast() -> Cast:
    workspace = make_workspace()
    return Cast(
        workspace,
        make_member(workspace, Role.OWNER, "alice"),
        make_member(workspace, Role.AUTHOR, "ann"),
        make_member(workspace, Role.VIEWER, "vic"),
        make_member(make_workspace("Other"), Role.OWNER, "charlie"),
    )


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
