from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.utils import timezone

from console.models import ApiKey, AuditEntry, Membership, Workspace
from tests.console.cast import Cast, as_
from tests.people import make_write_key
from tracking.models import Event, EventKind

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
    assert str(event.key) not in staff.get(address(Event)).content.decode()
    assert str(event.key) in staff.get(address(Event, f"?workspace_id={cast.workspace.pk}")).content.decode()
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
