"""Every limit of ingest: at it, just over it, by name."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from console.accounts.models import Workspace
from tests.people import make_workspace
from tests.tracking.ingest import Caller, make_delivery, make_snapshot, report
from tests.tracking.log import NOON, make_tap, write
from tracking import consumers
from tracking.erasure import services as erasure
from tracking.ingest import clock
from tracking.ingest.models import Event
from tracking.responses.models import Response
from tracking.rollups.differences import differences
from tracking.rollups.models import Bucket, DayBucket

pytestmark = pytest.mark.django_db


def nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


def track(**over: Any) -> dict[str, Any]:
    return {"type": "track", "event": "x", "userId": "u", **over}


def sized(size: int) -> bytes:
    """A call of so many bytes."""
    empty = json.dumps(track(properties={"p": ""})).encode()
    return json.dumps(track(properties={"p": "x" * (size - len(empty))})).encode()


FITS: dict[str, Any] = {
    "a user id of 150 characters": track(userId="u" * 150),
    "an anonymous id of 150 characters": track(userId=None, anonymousId="u" * 150),
    "an event name of 200 characters": track(event="e" * 200),
    "an event name of 200 characters of four bytes each": track(event="📣" * 200),
    "an event of 32 KB": sized(32 * 1024),
}
TOO_MUCH: dict[str, tuple[Any, str]] = {
    "a user id of 151 characters": (track(userId="u" * 151), "too_long"),
    "an anonymous id of 151 characters": (track(userId=None, anonymousId="u" * 151), "too_long"),
    "an event name of 201 characters": (track(event="e" * 201), "too_long"),
    "an event of 32 KB and a byte": (sized(32 * 1024 + 1), "item_too_large"),
}


@pytest.mark.parametrize("what", FITS)
def test_what_just_fits_is_accepted(what: str, call: Caller) -> None:
    assert call.verdicts("track", FITS[what]) == ["accepted"]
    assert Event.objects.count() == 1


@pytest.mark.parametrize("what", TOO_MUCH)
def test_what_is_just_too_much_is_refused_and_not_kept(what: str, call: Caller) -> None:
    body, code = TOO_MUCH[what]
    assert call.verdicts("track", body) == [code]
    assert not Event.objects.exists()


@pytest.mark.parametrize(("items", "status"), [(500, 200), (501, 400)])
def test_a_request_has_at_most_five_hundred_events(items: int, status: int, call: Caller) -> None:
    answer = call("batch", {"batch": [track(messageId=f"m{n}") for n in range(items)]})
    assert answer.status_code == status
    assert Event.objects.count() == (items if status == 200 else 0)


@pytest.mark.parametrize(("size", "status"), [(500 * 1024, 200), (500 * 1024 + 1, 413)])
def test_a_request_has_at_most_500_kb(size: int, status: int, call: Caller) -> None:
    whole = json.dumps({"batch": [track()]}).encode()
    assert call("batch", whole + b" " * (size - len(whole))).status_code == status
    assert Event.objects.exists() is (status == 200)


@pytest.mark.parametrize(("size", "fits"), [(1000, True), (1001, False)])
def test_an_answer_has_at_most_a_thousand_characters(size: int, fits: bool, workspace: Workspace, call: Caller) -> None:
    delivery = make_delivery(make_snapshot(workspace))
    verdict = call.verdicts("track", report(delivery, actionId="yes", value="x" * size))
    assert (verdict == ["accepted"]) is fits
    assert list(Event.objects.values_list("value", flat=True)) == (["x" * size] if fits else [])


FIRST_DAY = datetime(2026, 3, 2, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("at", "hour", "day"),
    [
        (FIRST_DAY, FIRST_DAY, FIRST_DAY.date()),
        (FIRST_DAY - MOMENT, FIRST_DAY - timedelta(hours=1), date(2026, 3, 1)),
        (FIRST_DAY + timedelta(hours=1) - MOMENT, FIRST_DAY, FIRST_DAY.date()),
        (FIRST_DAY + timedelta(hours=1), FIRST_DAY + timedelta(hours=1), FIRST_DAY.date()),
        (FIRST_DAY + timedelta(days=1) - MOMENT, FIRST_DAY + timedelta(hours=23), FIRST_DAY.date()),
    ],
)
def test_a_report_counts_in_the_hour_and_the_utc_day_that_hold_it(at: datetime, hour: datetime, day: date) -> None:
    write(make_tap(occurred_at=at))
    consumers.run_all()
    assert set(Bucket.objects.values_list("hour", flat=True)) == {hour}
    assert set(DayBucket.objects.values_list("day", flat=True)) == {day}
    assert differences() == []


@pytest.mark.parametrize(
    ("at", "kept"),
    [(FIRST_DAY - MOMENT, False), (FIRST_DAY, True), (FIRST_DAY - timedelta(days=1), False), (NOON, True)],
)
def test_a_workspace_keeps_its_days_whole(at: datetime, kept: bool) -> None:
    """Thirty days before the first of April begin with the second of March."""
    workspace = make_workspace(retention_days=30)
    write(make_tap(workspace_id=workspace.pk, occurred_at=at))
    consumers.run_all()
    assert erasure.prune(date(2026, 4, 1), sure=True) == (0 if kept else 1)
    for model in (Event, Response, Bucket, DayBucket):
        assert model.objects.exists() is kept
    assert differences() == []


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (99_999_999_999, datetime(5138, 11, 16, 9, 46, 39, tzinfo=UTC)),
        (100_000_000_000, datetime(1973, 3, 3, 9, 46, 40, tzinfo=UTC)),
        (1_772_452_800, datetime(2026, 3, 2, 12, tzinfo=UTC)),
        (1_772_452_800_000, datetime(2026, 3, 2, 12, tzinfo=UTC)),
        ("1772452800", datetime(2026, 3, 2, 12, tzinfo=UTC)),
        ("1772452800000", datetime(2026, 3, 2, 12, tzinfo=UTC)),
        ("1772452800.5", datetime(2026, 3, 2, 12, 0, 0, 500_000, tzinfo=UTC)),
        (" 2026-03-02T12:00:00Z ", datetime(2026, 3, 2, 12, tzinfo=UTC)),
        ("2026-03-02T12:00:00", datetime(2026, 3, 2, 12, tzinfo=UTC)),
        ("2026-03-02T13:00:00+01:00", datetime(2026, 3, 2, 12, tzinfo=UTC)),
        ("123456789", datetime(1973, 11, 29, 21, 33, 9, tzinfo=UTC)),
        ("12345678901234", None),
        ("noon", None),
        ("", None),
        (True, None),
        (10**30, None),
        (None, None),
        ([], None),
    ],
)
def test_a_time_is_seconds_or_milliseconds_or_iso(value: Any, wanted: datetime | None) -> None:
    assert clock.read(value) == wanted


RECEIVED = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("off", "wanted", "clamped"),
    [
        (timedelta(), RECEIVED, False),
        (-MOMENT, RECEIVED - MOMENT, False),
        (MOMENT, RECEIVED, False),
        (timedelta(minutes=5), RECEIVED, False),
        (timedelta(minutes=5) + MOMENT, RECEIVED, True),
        (-timedelta(days=365), RECEIVED - timedelta(days=365), False),
        (-timedelta(days=365) - MOMENT, RECEIVED, True),
    ],
)
def test_a_time_is_believed_a_year_back_and_five_minutes_ahead(off: timedelta, wanted: datetime, clamped: bool) -> None:
    assert clock.occurred((RECEIVED + off).isoformat(), None, RECEIVED) == (wanted, clamped)


def test_a_clock_is_set_right_by_when_it_sent_in_both_directions() -> None:
    for wrong in (timedelta(hours=3), -timedelta(days=400)):
        happened, sent = RECEIVED - timedelta(hours=1) + wrong, RECEIVED + wrong
        found = clock.occurred(happened.isoformat(), sent.isoformat(), RECEIVED)
        assert found == (RECEIVED - timedelta(hours=1), False)
