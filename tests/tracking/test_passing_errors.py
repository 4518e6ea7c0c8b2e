"""Which errors are the database's for now, so that the chunk is tried again, and which are a row's for good."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, DataError, IntegrityError, InterfaceError, OperationalError, ProgrammingError

from tests.tracking.log import make_tap, write
from tracking.consumers import Consumer, step
from tracking.consumers.models import DeadLetter, Watermark
from tracking.consumers.runner import LogRange, passing, told


class Cause(Exception):
    def __init__(self, sqlstate: str | None) -> None:
        super().__init__()
        self.sqlstate = sqlstate


def made(kind: type[Exception], sqlstate: str | None = None) -> Exception:
    error = kind("x")
    error.__cause__ = Cause(sqlstate) if sqlstate else None
    return error


PASSING = {
    "a connection that is lost": made(OperationalError),
    "a connection that is closed": made(InterfaceError),
    "a server that shuts down": made(OperationalError, "57P01"),
    "a deadlock": made(OperationalError, "40P01"),
    "a conflict of transactions": made(DatabaseError, "40001"),
    "a table that is not there yet": made(ProgrammingError, "42P01"),
    "a column that is not there yet": made(ProgrammingError, "42703"),
    "a function that is not there yet": made(ProgrammingError, "42883"),
    "a right that is missing": made(ProgrammingError, "42501"),
    "a full disk": made(OperationalError, "53100"),
    "an error of the disk": made(DatabaseError, "58030"),
    "a database that is read only": made(DatabaseError, "25006"),
}
OF_A_ROW = {
    "a value too long for the program": made(OperationalError, "54000"),
    "a value out of range": made(DataError, "22003"),
    "a broken constraint": made(IntegrityError, "23514"),
    "a wrong query": made(ProgrammingError, "42601"),
    "an error of the database without a state": made(DatabaseError),
    "a mistake of ours": made(ValueError),
    "a mistake of ours with a state of the system": made(ValueError, "40001"),
}


@pytest.mark.parametrize("what", PASSING)
def test_it_passes(what: str) -> None:
    assert passing(PASSING[what])


@pytest.mark.parametrize("what", OF_A_ROW)
def test_it_does_not_pass(what: str) -> None:
    assert not passing(OF_A_ROW[what])


@pytest.mark.django_db
def test_what_passes_leaves_the_log_where_it_was_and_records_no_dead_letter() -> None:
    write(make_tap(), make_tap())

    def work(_: LogRange) -> None:
        raise PASSING["a deadlock"]

    with pytest.raises(OperationalError):
        step(Consumer("rollup", work))
    assert not DeadLetter.objects.exists()
    assert not Watermark.objects.filter(consumer="rollup", tx__gt=0).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("poisoned", [0, 1, 4])
def test_of_five_rows_the_one_that_cannot_be_read_is_named(poisoned: int) -> None:
    events = [make_tap(person_id=n + 1) for n in range(5)]
    write(*events)
    done: list[Any] = []

    def work(part: LogRange) -> None:
        keys = part.keys or tuple(event.key for event in events)
        if events[poisoned].key in keys:
            raise ValueError("poison")
        done.extend(keys)

    assert step(Consumer("rollup", work))
    [letter] = DeadLetter.objects.all()
    assert (letter.key, letter.consumer, letter.workspace_id) == (events[poisoned].key, "rollup", 1)
    assert letter.error == "ValueError('poison')"
    assert set(done) == {event.key for event in events} - {letter.key}
    assert Watermark.objects.get(consumer="rollup").tx == events[-1].tx


def test_an_error_is_told_in_two_thousand_characters_without_nul() -> None:
    assert len(told(ValueError("x" * 3_000))) == 2_000

    class Odd(Exception):
        def __repr__(self) -> str:
            return "a\0b"

    assert told(Odd()) == "a\ufffdb"
