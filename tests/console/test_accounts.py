from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from console.accounts.models import User
from tests.console.cast import Cast, as_
from tests.people import PASSWORD

SIGN_IN = "/accounts/login/"


class TestSigningIn:
    def test_leads_to_the_workspace(self, cast: Cast) -> None:
        page = Client().post(SIGN_IN, {"login": "alice@example.org", "password": PASSWORD}, follow=True)
        assert page.redirect_chain[-1][0] == "/w/acme/"

    def test_with_a_wrong_password_says_so(self, cast: Cast) -> None:
        page = Client().post(SIGN_IN, {"login": "alice@example.org", "password": "no"})
        assert 'role="alert"' in page.content.decode()
        assert "_auth_user_id" not in Client().session

    def test_is_slowed_down_for_guessers(self, cast: Cast) -> None:
        client = Client()
        for _ in range(6):
            page = client.post(SIGN_IN, {"login": "alice@example.org", "password": "guess"})
        assert "Too many failed" in page.content.decode()
        client.post(SIGN_IN, {"login": "alice@example.org", "password": PASSWORD})
        assert "_auth_user_id" not in client.session

    def test_leads_nowhere_else(self, cast: Cast) -> None:
        data = {"login": "alice@example.org", "password": PASSWORD, "next": "https://evil.example/"}
        assert Client().post(SIGN_IN, data)["Location"] == "/"


class TestSigningUp:
    DATA = {"email": "new@example.org", "password1": PASSWORD, "password2": PASSWORD}

    def test_is_closed_by_default(self, cast: Cast) -> None:
        page = Client().post("/accounts/signup/", self.DATA)
        assert "Sign-up is closed" in page.content.decode()
        assert User.objects.count() == 4

    def test_can_be_opened(self, cast: Cast, settings: Any) -> None:
        settings.SIGNUP_OPEN = True
        Client().post("/accounts/signup/", self.DATA)
        assert User.objects.filter(email="new@example.org").count() == 1


def test_signing_out_needs_a_post(cast: Cast) -> None:
    client = as_(cast.alice)
    assert client.get("/accounts/logout/").status_code == 200
    assert "_auth_user_id" in client.session
    client.post("/accounts/logout/")
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("tail", ["email/", "password/change/", "2fa/", "logout/"])
def test_pages_of_the_account_wear_our_look(cast: Cast, tail: str) -> None:
    text = as_(cast.alice).get(f"/accounts/{tail}", follow=True).content.decode()
    assert 'class="door"' in text


@pytest.mark.parametrize("tail", ["login/", "signup/", "password/reset/", "password/reset/done/", "inactive/"])
def test_pages_before_signing_in_wear_our_look(cast: Cast, tail: str) -> None:
    assert 'class="door"' in Client().get(f"/accounts/{tail}").content.decode()
