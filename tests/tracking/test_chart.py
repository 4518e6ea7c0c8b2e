from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tracking.metrics import ranges
from tracking.metrics.chart import chart, step
from tracking.rollups.models import SubjectKind as K

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
TODAY = NOW.date()


@dataclass
class Point:
    at: datetime
    kind: K
    total: int


def hours_ago(hours: int, kind: K = K.RESPONDED, total: int = 1) -> Point:
    return Point(NOW.replace(minute=0) - timedelta(hours=hours), kind, total)


def test_a_day_is_drawn_by_the_hour_up_to_now_with_its_gaps() -> None:
    points = [hours_ago(0, total=2), hours_ago(9, K.OPENED)]
    drawn = chart(points, ranges.read({"range": "today"}, TODAY), None, NOW)
    assert (drawn.unit, len(drawn.labels)) == ("hour", 11)
    assert drawn.responses == (0,) * 10 + (2,)
    assert drawn.shown == (0, 1) + (0,) * 9


def test_times_shown_are_the_openings_less_those_that_other_reports_prove() -> None:
    points = [hours_ago(0, K.OPENED, 9), hours_ago(0, K.CLICKED, 3), hours_ago(0, K.DISMISSED, 2)]
    assert chart(points, ranges.Range(), NOW, NOW).shown == (4,)


def test_a_week_is_drawn_by_the_day() -> None:
    points = [hours_ago(0), hours_ago(1), hours_ago(24 * 6)]
    drawn = chart(points, ranges.read({"range": "7"}, TODAY), None, NOW)
    assert (drawn.unit, drawn.responses) == ("day", (1, 0, 0, 0, 0, 0, 2))


def test_a_year_is_drawn_by_the_week_and_loses_nothing() -> None:
    drawn = chart([hours_ago(24 * day) for day in range(365)], ranges.Range(), None, NOW)
    assert (drawn.unit, sum(drawn.responses)) == ("week", 365)
    assert len(drawn.labels) in (53, 54)


def test_what_started_just_now_is_drawn_by_the_hour() -> None:
    assert step(ranges.Range(), NOW - timedelta(hours=3), NOW) == "hour"
    assert step(ranges.Range(), NOW - timedelta(days=3), NOW) == "day"
    assert step(ranges.Range(), None, NOW) == "day"


def test_nothing_yet_is_one_zero() -> None:
    assert chart([], ranges.Range(), NOW, NOW).rows == [("24 Nov 10:00", 0, 0)]


def test_a_clock_that_is_fast_is_drawn_too() -> None:
    assert sum(chart([hours_ago(-3)], ranges.Range(), NOW, NOW).responses) == 1
