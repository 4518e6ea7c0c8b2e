"""Dead letters are tried again, counted once, and forgotten with the person they are of."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from django.db import ProgrammingError, connection

from tests.people import make_person, make_workspace
from tests.tracking.log import make_tap, write
from tracking import consumers
from tracking.consumers import dead_letters, runner
from tracking.consumers.models import DeadLetter
from tracking.erasure import services as erasure
from tracking.ingest.models import Event
from tracking.responses.models import Response
from tracking.rollups import read, sql
from tracking.rollups.differences import differences
from tracking.rollups.models import SubjectKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def poisoned(monkeypatch: pytest.MonkeyPatch) -> list[Event]:
    """Seven taps; the fourth cannot be counted, until `monkeypatch` is undone."""
    events = [make_tap(person_id=n) for n in range(1, 8)]
    write(*events)
    real = sql.roll

    def roll(after: int, upto: int, keys: Any = None) -> None:
        real(after, upto, keys)
        if keys is None or events[3].key in keys:
            raise ValueError("poison")

    monkeypatch.setattr(sql, "roll", roll)
    consumers.run_all()
    assert DeadLetter.objects.get().key == events[3].key
    return events


def opened(workspace_id: int = 1) -> int:
    return sum(c.total for c in read.counts(workspace_id, 1, 1) if c.kind == SubjectKind.OPENED)


@pytest.mark.usefixtures("poisoned")
def test_what_can_be_stomached_now_is_counted_once(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.undo()
    call_command("retry_dead_letters")
    call_command("retry_dead_letters")
    assert "1 done, 0 forgotten since, 0 still fail." in capsys.readouterr().out
    assert opened() == 7
    assert not DeadLetter.objects.exists()
    assert differences() == []


@pytest.mark.usefixtures("poisoned")
def test_what_still_fails_stays_a_dead_letter_and_nothing_is_counted(capsys: Any) -> None:
    before = opened()
    with pytest.raises(SystemExit) as stop:
        call_command("retry_dead_letters")
    assert stop.value.code == 1
    assert "poison" in capsys.readouterr().err
    assert (opened(), DeadLetter.objects.count()) == (before, 1) == (6, 1)


def test_only_the_follower_asked_for_tries_again(poisoned: list[Event], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    DeadLetter.objects.create(consumer="responses", workspace_id=1, key=poisoned[0].key, error="x")
    assert dead_letters.retry("responses") == dead_letters.Retried(done=1)
    assert DeadLetter.objects.get().consumer == "rollup"
    assert Response.objects.count() == 7


def test_a_row_that_was_pruned_meanwhile_is_forgotten(poisoned: list[Event]) -> None:
    Event.objects.filter(key=poisoned[3].key).delete()
    assert dead_letters.retry() == dead_letters.Retried(gone=1)
    assert not DeadLetter.objects.exists()


def test_trouble_with_the_database_is_no_fault_of_the_row(
    poisoned: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any) -> None:
        raise runner.OperationalError("away")

    monkeypatch.setattr(sql, "roll", away)
    with pytest.raises(runner.OperationalError):
        dead_letters.retry()
    assert "poison" in DeadLetter.objects.get().error


def test_erasing_somebody_whose_row_is_a_dead_letter_takes_nothing_from_others(monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = make_workspace()
    ada, bob = make_person(workspace, "ada"), make_person(workspace, "bob")
    first, second = (make_tap(workspace_id=workspace.pk, person_id=ada.pk) for _ in range(2))
    write(first, second, make_tap(workspace_id=workspace.pk, person_id=bob.pk))
    real = sql.roll

    def roll(after: int, upto: int, keys: Any = None) -> None:
        if keys is None or second.key in keys:
            raise ValueError("ada@example.org")
        real(after, upto, keys)

    with monkeypatch.context() as poison:
        poison.setattr(sql, "roll", roll)
        consumers.run_all()
    assert DeadLetter.objects.get().key == second.key
    assert erasure.erase(workspace_id=workspace.pk, person_id=ada.pk) == 2
    assert opened(workspace.pk) == 1
    assert not DeadLetter.objects.exists()
    assert differences() == []


def test_a_column_that_is_not_there_is_no_fault_of_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """An older version on a newer database: the rows must wait for the right one, and not become dead letters."""
    write(make_tap())

    def roll(after: int, upto: int, keys: Any = None) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT of_the_next_version FROM tracking_event")

    with monkeypatch.context() as old:
        old.setattr(sql, "roll", roll)
        with pytest.raises(ProgrammingError):
            consumers.catch_up([one for one in consumers.CONSUMERS if one.name == "rollup"])
    assert not DeadLetter.objects.exists()
    consumers.run_all()
    assert differences() == []
