"""The server's clock was forty days ahead for a while: deliveries of that time are brought back to the present."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from console.accounts.models import Workspace
from messaging.common.source_kinds import SourceKind
from messaging.deliveries.models import Delivery, SendCount
from messaging.deliveries.services import clock_skew, deliveries
from tests.messaging.factories import make_delivery, make_snapshot
from tests.people import make_person, make_workspace
from tracking.erasure import services as erasure

pytestmark = pytest.mark.django_db

AHEAD = timedelta(days=40)


@pytest.fixture
def workspace() -> Workspace:
    return make_workspace()


def make(workspace: Workspace, created: datetime, name: str = "ada", **times: datetime) -> Delivery:
    snapshot = make_snapshot(workspace, SourceKind.BROADCAST, 77)
    made = make_delivery(make_person(workspace, name), snapshot, created_at=created, **times)
    SendCount.objects.create(
        workspace_id=workspace.pk, source_kind=1, source_id=77, message_id=made.message_id, count=1,
        hour=created.replace(minute=0, second=0, microsecond=0),
    )  # fmt: skip
    return made


def test_a_delivery_of_the_future_is_of_now_and_waits_for_as_long_as_it_would_have(workspace: Workspace) -> None:
    now = timezone.now()
    make(workspace, now + AHEAD, expires_at=now + AHEAD + timedelta(days=7))
    assert clock_skew.clamp(workspace.pk) == 1
    made = Delivery.objects.get()
    assert made.created_at <= timezone.now()
    assert made.expires_at == made.created_at + timedelta(days=7)


def test_a_dismissal_of_the_future_is_of_now(workspace: Workspace) -> None:
    now = timezone.now()
    make(workspace, now - timedelta(days=1), opened_at=now - timedelta(hours=1), dismissed_at=now + AHEAD)
    assert clock_skew.clamp(workspace.pk) == 1
    made = Delivery.objects.get()
    assert made.dismissed_at
    assert made.dismissed_at <= timezone.now()
    assert made.opened_at == now - timedelta(hours=1)
    assert made.created_at == now - timedelta(days=1)


def test_what_was_sent_is_counted_in_the_hour_it_is_brought_to(workspace: Workspace) -> None:
    made = make(workspace, timezone.now() + AHEAD)
    clock_skew.clamp(workspace.pk)
    assert [count.hour <= timezone.now() for count in SendCount.objects.all()] == [True]
    deliveries.erase_of(workspace.pk, [made.person_id])
    assert not SendCount.objects.exists()


def test_what_is_of_the_present_stays_as_it_is(workspace: Workspace) -> None:
    made = make(workspace, timezone.now() + timedelta(minutes=4))
    assert clock_skew.clamp(workspace.pk) == 0
    assert Delivery.objects.get().created_at == made.created_at


def test_another_workspace_is_not_touched(workspace: Workspace) -> None:
    made = make(make_workspace("Other"), timezone.now() + AHEAD)
    assert clock_skew.clamp(workspace.pk) == 0
    assert Delivery.objects.get().created_at == made.created_at


def test_once_a_day_it_is_done_everywhere(workspace: Workspace) -> None:
    make(workspace, timezone.now() + AHEAD)
    erasure.prune(sure=True)
    assert Delivery.objects.get().created_at <= timezone.now()
