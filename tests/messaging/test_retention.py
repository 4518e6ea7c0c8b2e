"""Deliveries are forgotten with the days that a workspace keeps, but for those that prevent a second one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from console.accounts.models import AuditEntry, Workspace
from messaging.common.source_kinds import SourceKind
from messaging.deliveries.models import Delivery
from messaging.retention import deliveries as retention
from tests.messaging.factories import make_broadcast, make_campaign, make_delivery, make_snapshot
from tests.people import make_person, make_workspace
from tracking.erasure import services as erasure

pytestmark = pytest.mark.django_db

BEFORE = datetime(2026, 5, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def workspace() -> Workspace:
    return make_workspace(retention_days=30)


def left() -> int:
    return Delivery.objects.count()


@pytest.mark.parametrize(("expired", "kept"), [(BEFORE - SECOND, 0), (BEFORE, 1), (BEFORE + SECOND, 1), (None, 1)])
def test_what_ended_before_the_boundary_is_deleted(workspace: Workspace, expired: datetime | None, kept: int) -> None:
    snapshot = make_snapshot(workspace, SourceKind.BROADCAST, 77)
    make_delivery(make_person(workspace), snapshot, expires_at=expired, created_at=BEFORE - timedelta(days=100))
    retention.prune(workspace.pk, BEFORE.date())
    assert left() == kept


def test_without_an_end_it_is_kept_for_the_longest_lifetime(workspace: Workspace) -> None:
    snapshot = make_snapshot(workspace, SourceKind.BROADCAST, 77)
    for n, days in enumerate((364, 366)):
        make_delivery(make_person(workspace, f"p{n}"), snapshot, created_at=BEFORE - timedelta(days=days))
    assert retention.prune(workspace.pk, BEFORE.date()) == 1


def test_other_workspaces_keep_theirs(workspace: Workspace) -> None:
    other = make_workspace("Other")
    make_delivery(make_person(other), make_snapshot(other, SourceKind.BROADCAST, 77), expires_at=BEFORE - SECOND)
    assert retention.prune(workspace.pk, BEFORE.date()) == 0
    assert left() == 1


@pytest.mark.parametrize(("frequency", "status", "kept"), [
    ("once", "running", 1), ("once", "paused", 1), ("once", "finished", 0), ("always", "running", 0),
])  # fmt: skip
def test_a_campaign_that_sends_once_still_knows_to_whom_it_has_sent(
    workspace: Workspace, frequency: str, status: str, kept: int
) -> None:
    """The row is emptied of what was said to the person, and kept."""
    campaign = make_campaign(workspace, frequency=frequency, status=status)
    assert campaign.snapshot
    made = {"expires_at": BEFORE - SECOND, "context": {"a": 1}, "rendered": {"b": 2}}
    make_delivery(make_person(workspace), campaign.snapshot, **made)
    assert retention.prune(workspace.pk, BEFORE.date()) == 1
    assert left() == kept
    assert not Delivery.objects.exclude(context=None, rendered=None).exists()
    assert retention.prune(workspace.pk, BEFORE.date()) == 0


@pytest.mark.parametrize(("status", "kept"), [("sending", 1), ("finished", 0), ("cancelled", 0)])
def test_a_broadcast_that_is_being_sent_knows_to_whom_it_was(workspace: Workspace, status: str, kept: int) -> None:
    broadcast = make_broadcast(workspace)
    snapshot = make_snapshot(workspace, SourceKind.BROADCAST, broadcast.pk, name="Another")
    type(broadcast).objects.filter(pk=broadcast.pk).update(
        status=status, snapshot=snapshot, finished_at=timezone.now() if status == "finished" else None
    )
    make_delivery(make_person(workspace), snapshot, expires_at=BEFORE - SECOND)
    retention.prune(workspace.pk, BEFORE.date())
    assert left() == kept


def test_more_than_one_lot_is_deleted(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    snapshot = make_snapshot(workspace, SourceKind.BROADCAST, 77)
    for n in range(5):
        make_delivery(make_person(workspace, f"p{n}"), snapshot, expires_at=BEFORE - SECOND)
    assert retention.prune(workspace.pk, BEFORE.date()) == 5


def test_it_is_done_with_the_log_once_a_day_and_not_when_the_clock_may_be_wrong(workspace: Workspace) -> None:
    today = timezone.now().date()
    snapshot = make_snapshot(workspace, SourceKind.BROADCAST, 77)
    ended = timezone.now() - timedelta(days=40)
    make_delivery(make_person(workspace), snapshot, expires_at=ended)
    erasure.prune(today)
    assert left() == 0
    make_delivery(make_person(workspace, "p2"), snapshot, expires_at=ended)
    erasure.prune(today)
    assert left() == 1
    with pytest.raises(erasure.ClockIsAhead):
        erasure.prune(today + timedelta(days=40))
    assert left() == 1
    erasure.prune(today + timedelta(days=1))
    assert left() == 0


def test_sessions_that_ended_and_old_audit_entries_go_with_it() -> None:
    now = timezone.now()
    for key, days in {"ended": -2, "good": 2}.items():
        Session.objects.create(session_key=key, session_data="", expire_date=now + timedelta(days=days))
    for days in (django_settings.AUDIT_DAYS + 2, django_settings.AUDIT_DAYS - 2):
        entry = AuditEntry.objects.create(verb=f"made.{days}", object_type="x", object_id="1", object_label="x")
        AuditEntry.objects.filter(pk=entry.pk).update(at=now - timedelta(days=days))
    erasure.prune(now.date())
    assert list(Session.objects.values_list("session_key", flat=True)) == ["good"]
    assert list(AuditEntry.objects.values_list("verb", flat=True)) == [f"made.{django_settings.AUDIT_DAYS - 2}"]
