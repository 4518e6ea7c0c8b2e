"""Counts that are missing, because part of the log was never followed, are made good; others stay what they are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.tracking.log import NOON, make_dismissal, make_report, make_tap, restart, write
from tracking import consumers
from tracking.consumers.reprocess import reprocess
from tracking.ingest.models import Event
from tracking.responses.models import Response
from tracking.rollups.differences import differences
from tracking.rollups.models import Bucket, Seen
from tracking.rollups.recount import CHECKS

pytestmark = pytest.mark.django_db


@pytest.fixture
def half_followed() -> None:
    """Of eight reports of two days, four were never followed: the watermarks were moved past them, as by a restore."""
    restart()
    yesterday = NOON - timedelta(days=1)
    write(make_tap(person_id=1), make_tap(person_id=2, occurred_at=yesterday), make_dismissal(person_id=3))
    write(make_report(person_id=1, occurred_at=yesterday))
    consumers.run_all()
    write(make_tap(person_id=1), make_tap("No", person_id=4), make_dismissal(person_id=2), make_report(person_id=5))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tracking_watermark SET tx = (SELECT max(tx) FROM tracking_event)")
    assert consumers.run_all() == 0


@pytest.mark.usefixtures("half_followed")
def test_all_of_the_log_is_counted_once() -> None:
    assert {one.check for one in differences()} >= set(CHECKS) - {"marks in order, each once"}
    assert reprocess(datetime(2020, 1, 1, tzinfo=UTC)) == 8
    assert differences() == []
    assert Response.objects.count() == 6


@pytest.mark.usefixtures("half_followed")
def test_doing_it_twice_does_it_once() -> None:
    reprocess(datetime(2020, 1, 1, tzinfo=UTC))
    before = [list(model.objects.order_by("pk").values()) for model in (Bucket, Seen, Response)]
    counts = sorted(row["count"] for row in before[0])
    reprocess(datetime(2020, 1, 1, tzinfo=UTC))
    assert differences() == []
    assert sorted(Bucket.objects.values_list("count", flat=True)) == counts
    assert [list(model.objects.order_by("pk").values()) for model in (Seen, Response)] == before[1:]


@pytest.mark.usefixtures("half_followed")
def test_what_was_received_before_the_moment_is_left_alone() -> None:
    Event.objects.update(received_at=datetime(2026, 3, 2, tzinfo=UTC))
    before = list(Bucket.objects.order_by("pk").values())
    assert reprocess(datetime(2026, 3, 3, tzinfo=UTC)) == 0
    assert list(Bucket.objects.order_by("pk").values()) == before


@pytest.mark.usefixtures("half_followed")
def test_counts_of_earlier_days_are_not_touched() -> None:
    Event.objects.filter(occurred_at__lt=NOON).update(received_at=datetime(2026, 3, 1, tzinfo=UTC))
    earlier = list(Bucket.objects.filter(hour__lt=NOON - timedelta(hours=1)).order_by("pk").values())
    assert reprocess(datetime(2026, 3, 2, tzinfo=UTC)) == 6
    assert list(Bucket.objects.filter(hour__lt=NOON - timedelta(hours=1)).order_by("pk").values()) == earlier
    assert differences() == []


@pytest.mark.usefixtures("half_followed")
def test_the_command_says_how_many(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("reprocess", since="2020-01-01")
    assert "8 rows were processed again" in capsys.readouterr().out
    with pytest.raises(CommandError, match="--since last week is no date"):
        call_command("reprocess", since="last week")
