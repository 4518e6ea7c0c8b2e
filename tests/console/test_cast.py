from __future__ import annotations

import pytest

from console.accounts.models import Role
from tests.people import make_member, make_workspace

pytestmark = pytest.mark.django_db


def test_a_member_has_one_role_in_a_workspace() -> None:
    workspace = make_workspace()
    alice = make_member(workspace, Role.OWNER, "alice")
    assert [m.role for m in alice.memberships.all()] == ["owner"]
