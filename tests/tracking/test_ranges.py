from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tracking.metrics import ranges

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("query", "since", "until"),
    [
        ({}, None, None),
        ({"range": "all"}, None, None),
        ({"range": "today"}, TODAY, TODAY),
        ({"range": "7"}, date(2026, 11, 18), TODAY),
        ({"range": "30"}, date(2026, 10, 26), TODAY),
        ({"range": "custom", "since": "2026-11-01", "until": "2026-11-02"}, date(2026, 11, 1), date(2026, 11, 2)),
        ({"since": "2026-11-01"}, date(2026, 11, 1), None),
        ({"range": "custom"}, None, None),
    ],
)
def test_a_range_is_whole_days_both_ends_included(
    query: dict[str, str], since: date | None, until: date | None
) -> None:
    days = ranges.read(query, TODAY)
    assert (days.since, days.until) == (since, until)
    assert ranges.read(days.query, TODAY) == days


def test_a_range_ends_at_the_midnight_after_its_last_day() -> None:
    days = ranges.read({"range": "today"}, TODAY)
    assert (days.start, days.end) == (datetime(2026, 11, 24, tzinfo=UTC), datetime(2026, 11, 25, tzinfo=UTC))


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"range": "yesterday"}, "range"),
        ({"range": "custom", "since": "24.11.2026"}, "since"),
        ({"range": "custom", "until": "2026-02-30"}, "until"),
        ({"range": "custom", "since": "0001-01-01"}, "since"),
        ({"range": "custom", "since": "2026-11-02", "until": "2026-11-01"}, "until"),
    ],
)
def test_nonsense_is_refused_naming_the_field(query: dict[str, str], field: str) -> None:
    with pytest.raises(ranges.BadRange) as error:
        ranges.read(query, TODAY)
    assert error.value.field == field
    assert str(error.value).endswith(".")  # a sentence for whoever asked


def test_the_sentence_names_what_was_asked_for() -> None:
    with pytest.raises(ranges.BadRange, match="“yesterday” is no range"):
        ranges.read({"range": "yesterday"}, TODAY)
    with pytest.raises(ranges.BadRange, match=r"2026-11-01.*before.*2026-11-02"):
        ranges.read({"range": "custom", "since": "2026-11-02", "until": "2026-11-01"}, TODAY)
