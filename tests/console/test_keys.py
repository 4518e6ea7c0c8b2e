from __future__ import annotations

import re
import uuid
from typing import Any

import pytest

from console.accounts.models import ApiKey, AuditEntry, KeyKind
from console.accounts.services import keys
from tests.console.cast import Cast, as_
from tests.people import make_write_key


def form(**over: str) -> dict[str, str]:
    return {"kind": "write", "name": "website", "nonce": str(uuid.uuid4()), **over}


def issue(cast: Cast, who: str = "alice", **over: str) -> Any:
    return as_(getattr(cast, who)).post(cast.url("keys/"), form(**over))


class TestIssuing:
    @pytest.mark.parametrize("kind", list(KeyKind))
    def test_shows_a_working_key_once(self, cast: Cast, kind: KeyKind) -> None:
        page = issue(cast, kind=kind.value)
        assert page["Cache-Control"] == "no-store"
        [plain] = re.findall(r'id="plain">(\w+)<', page.content.decode())
        found = keys.find(plain, kind)
        assert found is not None
        assert found.workspace == cast.workspace
        assert plain not in as_(cast.alice).get(cast.url("keys/")).content.decode()
        assert AuditEntry.objects.get().verb == "key.issued"
        assert plain not in str(list(ApiKey.objects.values())) + str(list(AuditEntry.objects.values()))

    def test_puts_a_write_key_in_the_snippet(self, cast: Cast) -> None:
        page = issue(cast).content.decode()
        [plain] = re.findall(r'id="plain">(\w+)<', page)
        assert f'data-write-key="{plain}"' in page

    def test_never_puts_a_secret_key_in_the_snippet(self, cast: Cast) -> None:
        assert 'data-write-key="YOUR_WRITE_KEY"' in issue(cast, kind="secret").content.decode()

    def test_again_by_a_reload_makes_no_second_key(self, cast: Cast) -> None:
        sent = form()
        client = as_(cast.alice)
        client.post(cast.url("keys/"), sent)
        page = client.post(cast.url("keys/"), sent, follow=True)
        assert "issued and shown already" in page.content.decode()
        assert ApiKey.objects.count() == 1

    @pytest.mark.parametrize("over", [{"name": ""}, {"name": "x" * 61}, {"kind": "master"}, {"nonce": "1"}])
    def test_of_nonsense_is_refused(self, cast: Cast, over: dict[str, str]) -> None:
        assert issue(cast, **over).status_code == 422
        assert not ApiKey.objects.exists()

    @pytest.mark.parametrize(("who", "status"), [("ann", 403), ("vic", 403), ("charlie", 404)])
    def test_is_for_owners(self, cast: Cast, who: str, status: int) -> None:
        assert issue(cast, who).status_code == status
        assert not ApiKey.objects.exists()


class TestTheList:
    @pytest.mark.parametrize("who", ["alice", "ann", "vic"])
    def test_shows_hints_alone(self, cast: Cast, who: str) -> None:
        plain = make_write_key(cast.workspace)
        page = as_(getattr(cast, who)).get(cast.url("keys/")).content.decode()
        assert ApiKey.objects.get().hint in page
        assert plain not in page

    def test_is_hidden_from_strangers(self, cast: Cast) -> None:
        assert as_(cast.charlie).get(cast.url("keys/")).status_code == 404

    def test_takes_no_other_method(self, cast: Cast) -> None:
        assert as_(cast.alice).delete(cast.url("keys/")).status_code == 405


class TestRevoking:
    def test_ends_a_key_at_once(self, cast: Cast) -> None:
        plain = make_write_key(cast.workspace)
        AuditEntry.objects.all().delete()
        for _ in range(2):
            as_(cast.alice).post(cast.url(f"keys/{ApiKey.objects.get().pk}/revoke/"))
        assert keys.find(plain, KeyKind.WRITE) is None
        assert [entry.verb for entry in AuditEntry.objects.all()] == ["key.revoked"]

    @pytest.mark.parametrize(("who", "status"), [("ann", 403), ("vic", 403), ("charlie", 404)])
    def test_is_for_owners(self, cast: Cast, who: str, status: int) -> None:
        plain = make_write_key(cast.workspace)
        answer = as_(getattr(cast, who)).post(cast.url(f"keys/{ApiKey.objects.get().pk}/revoke/"))
        assert answer.status_code == status
        assert keys.find(plain, KeyKind.WRITE) is not None

    def test_of_another_workspaces_key_is_not_found(self, cast: Cast) -> None:
        plain = make_write_key(cast.workspace)
        assert as_(cast.charlie).post(f"/w/other/keys/{ApiKey.objects.get().pk}/revoke/").status_code == 404
        assert keys.find(plain, KeyKind.WRITE) is not None

    def test_takes_no_get(self, cast: Cast) -> None:
        make_write_key(cast.workspace)
        assert as_(cast.alice).get(cast.url(f"keys/{ApiKey.objects.get().pk}/revoke/")).status_code == 405
