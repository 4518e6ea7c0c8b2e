from __future__ import annotations

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib import admin
from django.utils import timezone

from console.accounts.models import ApiKey, AuditEntry, Membership, Workspace
from messaging.deliveries.models import Delivery, SendCount
from messaging.messages.models import Message, MessageVersion
from tests.console.cast import Cast, as_
from tests.people import make_message, make_workspace, make_write_key
from tracking.consumers.models import Watermark
from tracking.ingest.models import Event, EventKind
from tracking.rejections.models import Rejection
from tracking.responses.models import Response
from tracking.rollups.models import Bucket
from tracking.webhooks.models import Webhook

FACTS = [Event, Response, Rejection, Delivery, AuditEntry, ApiKey, Bucket, Watermark, MessageVersion, EmailAddress]
OURS = [model for app in ("console", "messaging", "tracking") for model in apps.get_app_config(app).get_models()]


@pytest.fixture
def staff(cast: Cast) -> Any:
    type(cast.alice).objects.filter(pk=cast.alice.pk).update(is_staff=True, is_superuser=True)
    return as_(cast.alice)


def address(model: Any, tail: str = "") -> str:
    return f"/admin/{model._meta.app_label}/{model._meta.model_name}/{tail}"


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label_lower)
def test_every_model_has_a_list_that_loads_and_can_be_searched(staff: Any, model: Any) -> None:
    assert model in admin.site._registry
    assert staff.get(address(model)).status_code == 200
    for word in ("1", "abc"):
        assert staff.get(address(model, f"?q={word}&workspace_id=1")).status_code in (200, 302)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label_lower)
def test_an_object_that_is_not_there_is_no_crash(staff: Any, model: Any) -> None:
    for key in ("987654", "1:2", "1:2:3", "x_3Ay"):
        assert staff.get(address(model, f"{key}/change/")).status_code in (302, 404)


def test_only_staff_enter(cast: Cast) -> None:
    assert as_(cast.ann).get("/admin/").status_code == 302


def test_key_digests_are_never_shown(staff: Any, cast: Cast) -> None:
    make_write_key(cast.workspace)
    key = ApiKey.objects.get()
    text = staff.get(address(ApiKey, f"{key.pk}/change/")).content.decode()
    assert key.hint in text
    assert bytes(key.digest).hex() not in text
    assert "digest" not in text.lower()


def test_an_event_is_found_by_its_whole_key(staff: Any, cast: Cast) -> None:
    event = Event.objects.create(
        workspace_id=cast.workspace.pk,
        key="00000000-0000-0000-0000-000000000001",
        kind=EventKind.TRACK,
        occurred_at=timezone.now(),
        name="Plan Viewed",
    )
    for asked in ("", f"?workspace_id={cast.workspace.pk}", f"?q={event.key}"):
        assert f"{event.key}</a>" in staff.get(address(Event, asked)).content.decode()
    other = Workspace.objects.exclude(pk=cast.workspace.pk).get()
    for asked in (f"?workspace_id={other.pk}", "?q=00000000-0000-0000-0000-000000000002", "?workspace_id=x"):
        assert f"{event.key}</a>" not in staff.get(address(Event, asked), follow=True).content.decode()
    page = staff.get(address(Event, f"{cast.workspace.pk}:{event.key}/change/"))
    assert page.status_code == 200
    assert "Plan Viewed" in page.content.decode()


def test_what_staff_change_is_written_down(staff: Any, cast: Cast) -> None:
    data = {"name": "Renamed", "slug": "acme", "retention_days": "", "_save": "Save"}
    assert staff.post(address(Workspace, f"{cast.workspace.pk}/change/"), data).status_code == 302
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.actor, entry.changes) == (
        "workspace.changed_by_staff",
        cast.alice,
        {"name": ["Acme", "Renamed"]},
    )


def test_the_last_owner_stays_here_too(staff: Any, cast: Cast) -> None:
    membership = Membership.objects.get(user=cast.alice)
    staff.post(address(Membership, f"{membership.pk}/change/"), {"role": "viewer"})
    membership.refresh_from_db()
    assert membership.role == "owner"
    assert not AuditEntry.objects.exists()


def test_the_front_page_says_how_the_installation_is(staff: Any, cast: Cast) -> None:
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    SendCount.objects.create(
        workspace_id=cast.workspace.pk, source_kind=1, source_id=1, message_id=1, hour=hour, count=1234
    )
    Webhook.objects.create(
        workspace=cast.workspace,
        url="https://down.example.org/hook",
        kinds=[EventKind.CLICKED],
        failing_since=timezone.now(),
        failures=1,
    )
    text = staff.get("/admin/").content.decode()
    for said in ("Migrations", "rollup", "Storage: ", "https://down.example.org/hook", "1,234"):
        assert said in text
    assert text.index(">Acme<") < text.index(">Other<")  # by use


def test_the_front_page_asks_the_same_number_of_queries_for_many(
    staff: Any, django_assert_max_num_queries: Any
) -> None:
    for n in range(30):
        make_workspace(f"Workspace{n}")
    with django_assert_max_num_queries(24):
        staff.get("/admin/")


def test_internal_tables_are_together_at_the_end_and_read_only(staff: Any) -> None:
    sections = {one["name"]: one["models"] for one in staff.get("/admin/").context["app_list"]}
    assert list(sections) == ["Accounts", "Messages", "Reports", "Internals"]
    internal = {model["object_name"] for model in sections["Internals"]}
    assert {"Bucket", "Seen", "Watermark", "DeadLetter", "SendCount", "Subject"} <= internal
    assert not {"Person", "Event", "Workspace", "Delivery"} & internal
    assert not any(model["perms"]["change"] or model["perms"]["add"] for model in sections["Internals"])


@pytest.mark.parametrize("model", FACTS, ids=lambda model: model._meta.label_lower)
def test_facts_are_never_edited(staff: Any, model: Any) -> None:
    own = admin.site._registry[model]
    request = type("Request", (), {"user": type("User", (), {"has_perm": lambda *_: True})()})()
    assert not own.has_change_permission(request)
    assert not own.has_add_permission(request)
    assert not own.has_delete_permission(request)


def test_secrets_of_second_factors_are_never_shown(staff: Any, cast: Cast) -> None:
    factor = Authenticator.objects.create(user=cast.ann, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})
    for tail in ("", f"{factor.pk}/change/"):
        page = staff.get(address(Authenticator, tail))
        assert page.status_code == 200
        assert "JBSWY3DPEHPK3PXP" not in page.content.decode()


def test_the_admin_evaluates_no_text_as_script(staff: Any) -> None:
    policy = staff.get("/admin/")["Content-Security-Policy"]
    assert "unsafe-eval" not in policy
    assert "script-src 'self'" in policy.split("; ")


def test_the_admin_and_the_console_lead_to_each_other(staff: Any, cast: Cast) -> None:
    page = address(Workspace, f"{cast.workspace.pk}/change/")
    assert f'href="{cast.url()}"' in staff.get(page).content.decode()
    assert page in staff.get(cast.url("settings/")).content.decode()
    assert page not in as_(cast.vic).get(cast.url("settings/")).content.decode()
    message = make_message(cast.workspace)
    assert cast.url(f"messages/{message.pk}/") in staff.get(address(Message, f"{message.pk}/change/")).content.decode()


def test_a_password_is_changed_on_one_page_only(staff: Any) -> None:
    assert staff.get("/admin/password_change/")["Location"] == "/accounts/password/change/"
    assert staff.post("/admin/password_change/", {"old_password": "x"}).status_code == 302
