"""Invitations: a link binds one membership to whoever opens it, and proves an address only if it was mailed to it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.test import Client
from django.utils import timezone

from console.accounts.models import AuditEntry, Invitation, Membership, Role, User
from console.accounts.services import invitations, members
from tests.console.cast import Cast, as_
from tests.people import PASSWORD, make_user

NEW = {"new_password1": "a long pass phrase", "new_password2": "a long pass phrase"}


@pytest.fixture(autouse=True)
def address(settings: Any) -> None:
    settings.PUBLIC_URL = "https://earshot.example.org"


@pytest.fixture
def without_mail(settings: Any) -> None:
    settings.MAIL_IS_SET_UP = False


@pytest.fixture
def with_mail(settings: Any) -> None:
    settings.MAIL_IS_SET_UP = True


def path_in(text: str) -> str:
    [path] = set(re.findall(r"https://earshot.example.org(/invitations/[\w-]+/)", text))
    return path


def invited(cast: Cast, email: str, role: str = "author") -> str:
    """The path of the link, wherever it was given."""
    mail.outbox.clear()
    page = as_(cast.alice).post(cast.url("members/"), {"email": email, "role": role}, headers={"Host": "evil.example"})
    return path_in(mail.outbox[0].body if mail.outbox else page.content.decode())


def role_of(cast: Cast, email: str) -> str | None:
    found = Membership.objects.filter(workspace=cast.workspace, user__email=email).first()
    return found and str(found.role)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests never commit."""
    monkeypatch.setattr("django.db.transaction.on_commit", lambda do: do())


class TestWithoutMail:
    pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_mail")]

    def test_the_owner_is_shown_the_link_and_told_that_nothing_was_sent(self, cast: Cast) -> None:
        page = as_(cast.alice).post(cast.url("members/"), {"email": "new@example.org", "role": "author"})
        assert page["Cache-Control"] == "no-store"
        assert "no e-mail was sent" in page.content.decode()
        path = path_in(page.content.decode())
        assert path not in as_(cast.alice).get(cast.url("members/")).content.decode()
        assert not mail.outbox

    def test_it_makes_nobody_before_it_is_opened(self, cast: Cast) -> None:
        path = invited(cast, "New@Example.org")
        assert User.objects.count() == 4
        assert Client().get(path).status_code == 200
        assert User.objects.count() == 4

    def test_somebody_new_makes_an_account_whose_address_is_not_proven(self, cast: Cast) -> None:
        path = invited(cast, "new@example.org")
        guest = Client()
        assert guest.post(path, NEW, follow=True).redirect_chain[-1][0] == cast.url()
        assert role_of(cast, "new@example.org") == "author"
        assert not EmailAddress.objects.get(email="new@example.org").verified
        assert {entry.verb for entry in AuditEntry.objects.all()} == {"member.invited", "member.added"}
        assert Client().get(path).status_code == 404
        assert Client().post(path, NEW).status_code == 404

    def test_somebody_new_can_have_a_second_factor_all_the_same(self, cast: Cast) -> None:
        Client().post(invited(cast, "new@example.org"), NEW)
        client = Client()
        password = NEW["new_password1"]
        client.post("/accounts/login/", {"login": "new@example.org", "password": password})
        client.post("/accounts/reauthenticate/", {"password": password})
        page = client.get("/accounts/2fa/totp/activate/", follow=True)
        assert "totp" in page.request["PATH_INFO"]
        form = page.context["form"]
        code = format_hotp_value(hotp_value(form.secret, next(yield_hotp_counters_from_time())))
        answer = client.post("/accounts/2fa/totp/activate/", {"code": code})
        assert answer.status_code == 302, answer.context["form"].errors

    def test_it_gives_no_way_into_an_account_that_is_there(self, cast: Cast) -> None:
        dora = make_user("dora")
        path = invited(cast, "dora@example.org")
        stranger = Client()
        assert "new_password1" not in stranger.get(path).content.decode()
        assert stranger.post(path, NEW).status_code == 422
        assert "_auth_user_id" not in stranger.session
        dora.refresh_from_db()
        assert dora.check_password(PASSWORD)
        assert role_of(cast, "dora@example.org") is None
        assert as_(dora).post(path).status_code == 302
        assert role_of(cast, "dora@example.org") == "author"

    def test_whoever_has_the_link_joins_as_themselves(self, cast: Cast) -> None:
        path = invited(cast, "new@example.org", "viewer")
        assert as_(cast.charlie).post(path).status_code == 302
        assert role_of(cast, "charlie@example.org") == "viewer"
        assert not User.objects.filter(email="new@example.org").exists()

    def test_a_new_link_ends_the_one_before(self, cast: Cast) -> None:
        first = invited(cast, "new@example.org")
        second = invited(cast, "new@example.org", "viewer")
        assert Client().get(first).status_code == 404
        assert Client().post(second, NEW).status_code == 302
        assert role_of(cast, "new@example.org") == "viewer"

    def test_a_member_does_not_use_the_link_up(self, cast: Cast) -> None:
        path = invited(cast, "new@example.org", "owner")
        assert as_(cast.vic).post(path).status_code == 409
        assert role_of(cast, "vic@example.org") == "viewer"
        assert Client().get(path).status_code == 200

    @pytest.mark.parametrize("how", ["late", "withdrawn", "the owner left", "the owner is none", "guessed"])
    def test_a_link_that_is_over_lets_nobody_in(self, cast: Cast, how: str) -> None:
        path = invited(cast, "new@example.org")
        found = Invitation.objects.get()
        alice = Membership.objects.get(user=cast.alice)
        members.change_role(Membership.objects.get(user=cast.ann), role=Role.OWNER, by=None)
        if how == "late":
            Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        elif how == "withdrawn":
            answer = as_(cast.ann).post(cast.url(f"invitations/{found.pk}/withdraw/"))
            assert answer.status_code == 302
        elif how == "the owner left":
            members.remove(alice, by=cast.alice)
        elif how == "the owner is none":
            members.change_role(alice, role=Role.VIEWER, by=cast.ann)
        else:
            path = path[:-2] + ("a/" if path[-2] != "a" else "b/")
        assert Client().get(path).status_code == 404
        assert Client().post(path, NEW).status_code == 404
        assert as_(cast.charlie).post(path).status_code == 404
        assert role_of(cast, "charlie@example.org") is None

    def test_a_weak_password_is_refused_and_leaves_the_link_good(self, cast: Cast) -> None:
        path = invited(cast, "new@example.org")
        for password in ("short", "password1234", "new@example.org"):
            page = Client().post(path, {"new_password1": password, "new_password2": password})
            assert page.status_code == 422
        assert User.objects.count() == 4
        assert Client().get(path).status_code == 200

    @pytest.mark.parametrize(("name", "status"), [("ann", 403), ("vic", 403), ("charlie", 404)])
    def test_only_owners_withdraw(self, cast: Cast, name: str, status: int) -> None:
        invited(cast, "new@example.org")
        where = cast.url(f"invitations/{Invitation.objects.get().pk}/withdraw/")
        assert as_(getattr(cast, name)).post(where).status_code == status
        assert Invitation.objects.exists()

    @pytest.mark.parametrize("page", ["password/reset/", "password/reset/done/", "confirm-email/"])
    def test_no_page_says_that_an_email_was_sent(self, cast: Cast, page: str) -> None:
        for answer in (
            Client().get(f"/accounts/{page}"),
            Client().post(f"/accounts/{page}", {"email": "alice@example.org"}, follow=True),
        ):
            assert "No mail is set up here" in answer.content.decode()
        assert not mail.outbox


class TestWithMail:
    pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("with_mail")]

    def test_the_link_goes_to_the_address_alone(self, cast: Cast) -> None:
        page = as_(cast.alice).post(cast.url("members/"), {"email": "new@example.org", "role": "author"}, follow=True)
        assert [message.to for message in mail.outbox] == [["new@example.org"]]
        assert path_in(mail.outbox[0].body) not in page.content.decode()
        assert "/invitations/" not in page.content.decode().replace(cast.url("invitations/"), "")

    def test_who_opens_it_has_proven_the_address(self, cast: Cast) -> None:
        path = invited(cast, "new@example.org")
        assert Client().post(path, NEW).status_code == 302
        assert EmailAddress.objects.get(email="new@example.org").verified
        assert role_of(cast, "new@example.org") == "author"

    def test_it_is_good_for_the_account_of_that_address_alone(self, cast: Cast) -> None:
        dora = make_user("dora")
        path = invited(cast, "dora@example.org")
        assert "Sign out" in as_(cast.charlie).get(path).content.decode()
        assert as_(cast.charlie).post(path).status_code == 409
        assert role_of(cast, "charlie@example.org") is None
        assert as_(dora).post(path).status_code == 302
        assert role_of(cast, "dora@example.org") == "author"

    def test_reset_links_never_follow_the_host(self, cast: Cast) -> None:
        for email in ("alice@example.org", "nobody@example.org"):
            mail.outbox.clear()
            headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
            Client().post("/accounts/password/reset/", {"email": email}, headers=headers)
            [message] = mail.outbox
            assert "evil" not in message.body + message.subject
            assert "https://earshot.example.org/accounts/" in message.body

    def test_two_who_open_it_at_once_are_not_both_members(self, cast: Cast) -> None:
        path = invited(cast, "new@example.org")
        found = invitations.find(path.split("/")[-2])
        assert found is not None
        invitations.accept_with_new_account(found, password="a long pass phrase")
        with pytest.raises(Exception, match=r"already|meanwhile"):
            invitations.accept_with_new_account(found, password="a long pass phrase")
        with pytest.raises(Exception, match="meanwhile"):
            invitations.accept(found, user=make_user("new2"))
