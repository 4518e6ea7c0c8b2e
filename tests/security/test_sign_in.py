"""There is one sign-in, with its limits and the second factor; what is shown behind it is kept nowhere."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache
from django.test import Client

from console.accounts import signing
from console.accounts.models import AuditEntry, User
from tests.console.cast import Cast, as_, make_cast
from tests.people import PASSWORD

LOGIN = "/accounts/login/"


@pytest.fixture
def cast(db: Any) -> Cast:
    cache.clear()  # rate limits of the test before
    made = make_cast()
    User.objects.filter(pk=made.alice.pk).update(is_staff=True, is_superuser=True)
    User.objects.filter(pk=made.ann.pk).update(is_staff=True)
    return made


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_the_admin_has_no_sign_in_of_its_own(cast: Cast) -> None:
    client = Client()
    data = {"username": "alice@example.org", "password": PASSWORD, "next": "/admin/"}
    answer = client.post("/admin/login/", data)
    assert (answer.status_code, answer["Location"]) == (302, f"{LOGIN}?next=%2Fadmin%2F")
    assert not signed_in(client)


@pytest.mark.parametrize("page", ["/admin/", "/admin/console/user/", "/w/acme/keys/"])
def test_signing_in_leads_to_the_page_that_was_asked_for(cast: Cast, page: str) -> None:
    client = Client()
    form = client.get(page, follow=True)
    assert form.redirect_chain[-1][0].startswith(LOGIN)
    asked = form.context["redirect_field_value"]
    answer = client.post(LOGIN, {"login": "alice@example.org", "password": PASSWORD, "next": asked})
    assert (answer.status_code, answer["Location"]) == (302, page)


def test_a_second_factor_is_asked_for_on_the_way_to_the_admin(cast: Cast) -> None:
    TOTP.activate(cast.alice, secret := generate_totp_secret())
    client = Client()
    data = {"login": "alice@example.org", "password": PASSWORD, "next": "/admin/"}
    answer = client.post(LOGIN, data)
    assert answer["Location"].startswith("/accounts/2fa/authenticate/")
    assert not signed_in(client)
    assert client.get("/admin/").status_code == 302
    assert client.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    assert client.post("/accounts/2fa/authenticate/", {"code": code})["Location"] == "/admin/"


def test_who_is_not_staff_is_refused_by_the_admin(cast: Cast) -> None:
    assert as_(cast.vic).get("/admin/login/").status_code == 403


def test_the_admin_shows_no_secret_of_a_second_factor(cast: Cast) -> None:
    factor = TOTP.activate(cast.vic, secret := generate_totp_secret()).instance
    admin = as_(cast.alice)
    for tail in ("", f"{factor.pk}/change/", "add/"):
        page = admin.get(f"/admin/mfa/authenticator/{tail}")
        assert secret not in page.content.decode()
        assert factor.data["secret"] not in page.content.decode()


def test_a_superuser_removes_a_lost_second_factor_and_it_is_written_down(cast: Cast) -> None:
    factor = TOTP.activate(cast.vic, generate_totp_secret()).instance
    where = f"/admin/mfa/authenticator/{factor.pk}/delete/"
    as_(cast.ann).post(where, {"post": "yes"})
    assert Authenticator.objects.exists()
    as_(cast.alice).post(where, {"post": "yes"})
    assert not Authenticator.objects.exists()
    assert AuditEntry.objects.get(verb="second_factor.removed_by_staff").object_label == "vic@example.org"


def test_staff_cannot_make_themselves_superusers(cast: Cast) -> None:
    from django.contrib.auth.models import Permission

    cast.ann.user_permissions.add(*Permission.objects.filter(content_type__model="user"))
    data = {"email": "ann@example.org", "is_active": "on", "is_staff": "on", "is_superuser": "on"}
    assert as_(cast.ann).post(f"/admin/console/user/{cast.ann.pk}/change/", data).status_code == 302
    cast.ann.refresh_from_db()
    assert not cast.ann.is_superuser


@pytest.mark.parametrize(
    "page", ["/accounts/login/", "/accounts/password/reset/", "/accounts/2fa/", "/admin/", "/w/acme/settings/", "/"]
)
def test_pages_with_secrets_are_kept_nowhere(cast: Cast, page: str) -> None:
    assert as_(cast.alice).get(page, follow=True)["Cache-Control"] == "no-store"


def test_pages_with_secrets_are_kept_nowhere_by_whoever_asks_first(cast: Cast) -> None:
    assert Client().get("/accounts/login/")["Cache-Control"] == "no-store"
    text = as_(cast.alice).get("/w/acme/settings/")
    assert signing.secret(cast.workspace.pk) in text.content.decode()
