from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from console.accounts.models import AuditEntry, Membership, Workspace
from tests.console.cast import Cast, as_
from tests.people import make_user


class TestHome:
    def test_sends_the_signed_out_to_sign_in(self, cast: Cast) -> None:
        assert Client().get("/")["Location"].startswith("/accounts/login/")

    def test_opens_the_first_workspace(self, cast: Cast) -> None:
        assert as_(cast.vic).get("/")["Location"] == "/w/acme/"

    def test_offers_to_make_the_first_workspace(self, cast: Cast) -> None:
        page = as_(make_user("nora")).get("/", follow=True)
        assert "Make your first workspace" in page.content.decode()


class TestANewWorkspace:
    def test_is_owned_by_who_makes_it(self, cast: Cast) -> None:
        nora = make_user("nora")
        answer = as_(nora).post("/workspaces/new/", {"name": "Nora’s Café"})
        assert answer["Location"] == "/w/noras-cafe/"
        assert [(m.user, m.role) for m in Membership.objects.filter(workspace__slug="noras-cafe")] == [(nora, "owner")]
        assert AuditEntry.objects.get().verb == "workspace.created"

    @pytest.mark.parametrize("name", ["Acme", "Zürich", "日本", "!!!", "new"])
    def test_finds_a_free_address_for_any_name(self, cast: Cast, name: str) -> None:
        answer = as_(cast.ann).post("/workspaces/new/", {"name": name}, follow=True)
        assert answer.status_code == 200
        assert Workspace.objects.filter(name=name, memberships__user=cast.ann, memberships__role="owner").count() == 1

    @pytest.mark.parametrize("name", ["", "   ", "x" * 81, "a\x00b"])
    def test_needs_a_name(self, cast: Cast, name: str) -> None:
        page = as_(cast.ann).post("/workspaces/new/", {"name": name})
        assert "invalid-feedback" in page.content.decode()
        assert Workspace.objects.count() == 2

    def test_needs_somebody_signed_in(self, cast: Cast) -> None:
        assert Client().post("/workspaces/new/", {"name": "X"}).status_code == 302
        assert Workspace.objects.count() == 2


GOOD = {"name": "Acme 2", "retention_days": "90", "signed_people_only": "on"}


class TestSettings:
    def post(self, cast: Cast, who: str = "alice", **over: str) -> Any:
        return as_(getattr(cast, who)).post(cast.url("settings/"), {**GOOD, **over})

    def test_are_saved_and_written_down(self, cast: Cast) -> None:
        assert self.post(cast).status_code == 302
        cast.workspace.refresh_from_db()
        kept = cast.workspace
        assert (kept.name, kept.slug, kept.retention_days, kept.signed_people_only) == ("Acme 2", "acme", 90, True)
        assert AuditEntry.objects.get().changes == {
            "name": ["Acme", "Acme 2"],
            "retention_days": [None, 90],
            "signed_people_only": [False, True],
        }

    def test_say_which_attributes_the_write_key_may_set(self, cast: Cast) -> None:
        for names, kept in (("city\n plan \n\ncity", ["city", "plan"]), ("", [])):
            assert self.post(cast, limit_write_key="on", write_key_attributes=names).status_code == 302
            cast.workspace.refresh_from_db()
            assert cast.workspace.write_key_attributes == kept
        assert self.post(cast, write_key_attributes="city").status_code == 302
        cast.workspace.refresh_from_db()
        assert cast.workspace.write_key_attributes is None

    @pytest.mark.parametrize("names", ["x" * 151, "\n".join(str(n) for n in range(201)), "a\0b"])
    def test_refuse_names_that_no_attribute_has(self, cast: Cast, names: str) -> None:
        assert self.post(cast, limit_write_key="on", write_key_attributes=names).status_code == 422
        cast.workspace.refresh_from_db()
        assert cast.workspace.write_key_attributes is None

    def test_unchanged_write_nothing_down(self, cast: Cast) -> None:
        self.post(cast)
        self.post(cast)
        assert AuditEntry.objects.count() == 1

    @pytest.mark.parametrize(
        "over",
        [
            {"retention_days": "29"},
            {"retention_days": "-1"},
            {"retention_days": "soon"},
            {"retention_days": "9" * 30},
            {"name": ""},
        ],
    )
    def test_of_nonsense_are_refused_beside_the_field(self, cast: Cast, over: dict[str, str]) -> None:
        page = self.post(cast, **over)
        assert page.status_code == 422
        assert "invalid-feedback" in page.content.decode()
        cast.workspace.refresh_from_db()
        assert (cast.workspace.name, cast.workspace.retention_days) == ("Acme", None)

    @pytest.mark.parametrize(("who", "status"), [("ann", 403), ("vic", 403), ("charlie", 404)])
    def test_are_for_owners_to_change(self, cast: Cast, who: str, status: int) -> None:
        assert self.post(cast, who).status_code == status
        cast.workspace.refresh_from_db()
        assert cast.workspace.name == "Acme"

    @pytest.mark.parametrize("who", ["alice", "ann", "vic"])
    def test_are_seen_by_members(self, cast: Cast, who: str) -> None:
        assert as_(getattr(cast, who)).get(cast.url("settings/")).status_code == 200


class TestTheAuditLog:
    def fill(self, cast: Cast) -> None:
        for number in range(60):
            as_(cast.alice).post(cast.url("settings/"), {"name": f"Acme {number}"})
        as_(cast.ann).post("/workspaces/acme/leave/")

    @pytest.mark.parametrize("who", ["alice", "ann", "vic"])
    def test_is_seen_by_members(self, cast: Cast, who: str) -> None:
        assert as_(getattr(cast, who)).get(cast.url("audit/")).status_code == 200

    def test_is_hidden_from_strangers(self, cast: Cast) -> None:
        assert as_(cast.charlie).get(cast.url("audit/")).status_code == 404

    def test_is_paged_and_filtered(self, cast: Cast) -> None:
        self.fill(cast)
        get = as_(cast.alice).get
        assert len(get(cast.url("audit/")).context["page"].object_list) == 50
        assert len(get(cast.url("audit/?page=2")).context["page"].object_list) == 11
        assert len(get(cast.url("audit/?verb=member.left")).context["page"].object_list) == 1
        assert len(get(cast.url(f"audit/?actor={cast.ann.pk}")).context["page"].object_list) == 1
        assert "Nothing found" in get(cast.url(f"audit/?actor={cast.ann.pk}&verb=workspace.changed")).content.decode()

    def test_asks_a_fixed_number_of_questions(self, cast: Cast, django_assert_max_num_queries: Any) -> None:
        self.fill(cast)
        client = as_(cast.alice)
        with django_assert_max_num_queries(9):
            client.get(cast.url("audit/"))

    @pytest.mark.parametrize(
        "query", ["verb=no", "actor=x", "actor=999999999999999999999", "page=x", "page=-1", "verb=%00"]
    )
    def test_takes_nonsense_calmly(self, cast: Cast, query: str) -> None:
        assert as_(cast.alice).get(cast.url(f"audit/?{query}")).status_code == 200

    def test_shows_nothing_of_other_workspaces(self, cast: Cast) -> None:
        as_(cast.charlie).post("/w/other/settings/", {"name": "Hidden treasure"})
        assert "Hidden treasure" not in as_(cast.alice).get(cast.url("audit/")).content.decode()

    def test_takes_no_post(self, cast: Cast) -> None:
        assert as_(cast.alice).post(cast.url("audit/")).status_code == 405
