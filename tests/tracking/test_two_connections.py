"""Consumers, erasures and writers at the same time: two connections, of which one holds its transaction open."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection, transaction

from messaging.people.models import Person
from tests.people import make_person, make_workspace
from tests.tracking.log import make_tap
from tracking import consumers
from tracking.consumers import step
from tracking.consumers.models import Watermark
from tracking.consumers.runner import hold, lock
from tracking.erasure import services as erasure
from tracking.erasure.models import Erased
from tracking.ingest.models import Event
from tracking.responses.models import Response
from tracking.rollups.differences import differences

pytestmark = pytest.mark.django_db(transaction=True)
LONG = 30


@contextmanager
def held_open(work: Callable[[], object]) -> Iterator[None]:
    """`work` is done in another connection, and committed only when this ends."""
    done, go = threading.Event(), threading.Event()
    errors: list[BaseException] = []

    def run() -> None:
        try:
            with transaction.atomic():
                work()
                done.set()
                go.wait(LONG)
        except BaseException as error:
            errors.append(error)
        finally:
            done.set()
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        assert done.wait(LONG)
        assert errors == []
        yield
    finally:
        go.set()
        thread.join(LONG)
    assert errors == []


@contextmanager
def patience() -> Iterator[None]:
    """Whoever would wait for a lock gives up at once instead, and what they did is undone."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '100ms'")
        yield


def write(*events: Event) -> None:
    """Under the number of the transaction that does it."""
    Event.objects.bulk_create(events)


def keys() -> set[object]:
    return set(Response.objects.values_list("key", flat=True))


def test_a_report_whose_transaction_commits_late_is_not_skipped() -> None:
    early, late = make_tap(), make_tap(person_id=2)
    with held_open(lambda: write(early)):
        write(late)
        assert consumers.run_all() == 0
        assert keys() == set()
    consumers.run_all()
    assert keys() == {early.key, late.key}
    assert differences() == []


def test_what_was_committed_before_the_oldest_open_transaction_is_followed_meanwhile() -> None:
    first, second = make_tap(), make_tap(person_id=2)
    write(first)
    with held_open(lambda: write(second)):
        consumers.run_all()
        assert keys() == {first.key}
    consumers.run_all()
    assert keys() == {first.key, second.key}
    assert differences() == []


def test_a_watermark_never_passes_an_open_transaction() -> None:
    with held_open(lambda: write(make_tap())):
        write(make_tap(person_id=2))
        for consumer in consumers.CONSUMERS:
            assert not step(consumer)
        assert set(Watermark.objects.values_list("tx", flat=True)) <= {0}


def test_a_report_that_is_rolled_back_holds_nobody_up() -> None:
    def fail() -> None:
        write(make_tap())
        transaction.set_rollback(True)

    kept = make_tap(person_id=2)
    with held_open(fail):
        write(kept)
    consumers.run_all()
    assert keys() == {kept.key}
    assert differences() == []


def test_a_follower_in_other_hands_is_passed_over_without_waiting() -> None:
    write(make_tap())
    consumers.run_all()
    write(make_tap(person_id=2))
    [rollup] = [consumer for consumer in consumers.CONSUMERS if consumer.name == "rollup"]
    with held_open(lambda: lock("rollup", wait=True)), patience():
        assert lock("rollup", wait=False) is None
        assert not step(rollup)
    consumers.run_all()
    assert differences() == []


@pytest.mark.parametrize("name", ["people", "responses", "rollup", "settle", "webhooks"])
def test_an_erasure_waits_for_each_follower_that_is_at_work(name: str) -> None:
    workspace = make_workspace()
    ada = make_person(workspace, "ada")
    write(make_tap(workspace_id=workspace.pk, person_id=ada.pk))
    consumers.run_all()
    with held_open(lambda: lock(name, wait=True)):
        with pytest.raises(OperationalError, match="lock timeout"), patience():
            erasure.erase(workspace_id=workspace.pk, person_id=ada.pk)
        assert Person.objects.filter(pk=ada.pk).exists()
        assert Event.objects.count() == Response.objects.count() == 1
        assert not Erased.objects.exists()
    assert erasure.erase(workspace_id=workspace.pk, person_id=ada.pk) == 1
    assert differences() == []


def test_consumers_stand_still_while_an_erasure_is_under_way() -> None:
    workspace = make_workspace()
    ada = make_person(workspace, "ada")
    write(make_tap(workspace_id=workspace.pk, person_id=ada.pk))
    consumers.run_all()
    write(hers := make_tap(workspace_id=workspace.pk, person_id=ada.pk))
    bobs = make_tap(workspace_id=workspace.pk, person_id=ada.pk + 1)
    write(bobs)
    with held_open(lambda: erasure.erase(workspace_id=workspace.pk, person_id=ada.pk)):
        for consumer in consumers.CONSUMERS:
            with patience():
                assert not step(consumer)
        assert hers.key not in keys()
    consumers.run_all()
    assert keys() == {bobs.key}
    assert differences() == []


def test_forgetting_old_days_waits_for_a_follower_that_is_at_work() -> None:
    workspace = make_workspace(retention_days=30)
    write(old := make_tap(workspace_id=workspace.pk))
    consumers.run_all()
    with held_open(lambda: hold("rollup")):
        with pytest.raises(OperationalError, match="lock timeout"), patience():
            erasure.prune(sure=True)
        assert keys() == {old.key}
    erasure.prune(sure=True)
    assert keys() == set()
    assert differences() == []
