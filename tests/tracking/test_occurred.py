"""When a call happened, by the client's clock, set right by what is known of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tracking.ingest.clock import occurred

RECEIVED = datetime(2026, 5, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
FIVE_MINUTES, YEAR = timedelta(minutes=5), timedelta(days=365)


@pytest.mark.parametrize("age", [timedelta(0), SECOND, timedelta(days=364), YEAR])
def test_what_happened_within_the_last_year_keeps_its_time(age: timedelta) -> None:
    assert occurred((RECEIVED - age).isoformat(), None, RECEIVED) == (RECEIVED - age, False)


@pytest.mark.parametrize("ahead", [SECOND, FIVE_MINUTES - SECOND, FIVE_MINUTES])
def test_a_clock_that_is_a_little_fast_gives_the_time_of_receipt(ahead: timedelta) -> None:
    assert occurred((RECEIVED + ahead).isoformat(), None, RECEIVED) == (RECEIVED, False)


@pytest.mark.parametrize("off", [FIVE_MINUTES + SECOND, timedelta(days=40), -YEAR - SECOND])
def test_an_absurd_time_is_replaced_by_that_of_receipt_and_marked(off: timedelta) -> None:
    assert occurred((RECEIVED + off).isoformat(), None, RECEIVED) == (RECEIVED, True)


def test_the_clients_clock_is_set_right_by_when_it_sent() -> None:
    sent = RECEIVED + timedelta(days=40)
    assert occurred((sent - SECOND).isoformat(), sent.isoformat(), RECEIVED) == (RECEIVED - SECOND, False)
