"""The cast and the makers. Alice owns, Ann writes, Vic may only view, Charlie is a stranger."""

from __future__ import annotations

from typing import Any

from console.accounts.models import KeyKind, Membership, Role, User, Workspace
from console.accounts.services import keys
from messaging.messages.models import Message
from messaging.people.models import Person

PASSWORD = "correct horse battery"


def make_user(name: str, **over: Any) -> User:
    return User.objects.create_user(f"{name}@example.org", PASSWORD, **over)


def make_workspace(name: str = "Acme", **over: Any) -> Workspace:
    return Workspace.objects.create(name=name, slug=over.pop("slug", name.lower()), **over)


def make_member(workspace: Workspace, role: Role, name: str) -> User:
    user = make_user(name)
    Membership.objects.create(workspace=workspace, user=user, role=role)
    return user


def make_write_key(workspace: Workspace) -> str:
    return keys.issue(workspace=workspace, kind=KeyKind.WRITE, name="web", by=None)[1]


def make_secret_key(workspace: Workspace) -> str:
    return keys.issue(workspace=workspace, kind=KeyKind.SECRET, name="server", by=None)[1]


def make_person(workspace: Workspace, external_id: str | None = "p1", **attributes: Any) -> Person:
    return Person.objects.create(workspace=workspace, external_id=external_id, attributes=attributes)


def survey(**over: Any) -> dict[str, Any]:
    """A two-step microsurvey: one templated button, one untracked one, an NPS."""
    return {
        "steps": [
            {
                "id": "s1",
                "name": "Ask",
                "blocks": [
                    {"kind": "text", "id": "t1", "html": "<p>Join the beta, {{ customer.first_name }}?</p>"},
                    {
                        "kind": "button",
                        "id": "b1",
                        "action": {
                            "id": "yes",
                            "text": "$properties.button_text",
                            "name": "$properties.button_text",
                            "behaviour": {"kind": "step", "value": "s2"},
                        },
                    },
                    {
                        "kind": "button",
                        "id": "b2",
                        "style": "link",
                        "action": {
                            "id": "more",
                            "text": "Read more",
                            "name": "Read more",
                            "track": False,
                            "behaviour": {"kind": "custom", "value": "read_more"},
                        },
                    },
                ],
            },
            {
                "id": "s2",
                "name": "Score",
                "blocks": [
                    {
                        "kind": "rating",
                        "id": "r1",
                        "scale": "nps",
                        "action": {"id": "nps", "name": "NPS", "behaviour": {"kind": "submit"}},
                    }
                ],
            },
        ],
        **over,
    }


def make_message(workspace: Workspace, name: str = "Beta survey", draft: dict[str, Any] | None = None) -> Message:
    return Message.objects.create(workspace=workspace, name=name, draft=draft or survey())
