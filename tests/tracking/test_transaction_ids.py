"""A log that was restored into another cluster: noticed, moved, and followed on without a loss."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from tests.tracking.log import make_tap, write
from tracking import consumers
from tracking.consumers import transaction_ids
from tracking.ingest.models import Event
from tracking.rollups import read
from tracking.rollups.differences import differences
from tracking.rollups.models import SubjectKind

pytestmark = pytest.mark.django_db(transaction=True)


def opened() -> int:
    return sum(count.total for count in read.counts(1, 1, 1) if count.kind == SubjectKind.OPENED)


@pytest.fixture
def restored() -> None:
    """Two taps that were followed, and one that was not; all ids are far ahead of this cluster's."""
    write(make_tap(person_id=1), make_tap(person_id=2))
    consumers.run_all()
    write(make_tap(person_id=3))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tracking_event SET tx = tx + 1000000000")
        cursor.execute("UPDATE tracking_watermark SET tx = tx + 1000000000")


def test_the_ids_of_ones_own_cluster_are_left_alone() -> None:
    write(make_tap())
    before = set(Event.objects.values_list("tx", flat=True))
    assert transaction_ids.what_is_wrong() is None
    assert transaction_ids.rebase() == 0
    assert set(Event.objects.values_list("tx", flat=True)) == before


@pytest.mark.usefixtures("restored")
def test_a_restored_log_is_not_ready_until_it_is_prepared(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "manage.py prepare" in answer.json()["event_log"]
    call_command("prepare")
    assert client.get("/readyz").json()["event_log"] == "ok"


@pytest.mark.usefixtures("restored")
def test_what_was_not_followed_and_what_comes_is_counted_once() -> None:
    assert transaction_ids.rebase() == 3
    write(make_tap(person_id=4))
    consumers.run_all()
    assert opened() == 4
    assert differences() == []
    assert transaction_ids.rebase() == 0


@pytest.mark.usefixtures("restored")
def test_what_came_between_the_restore_and_its_preparation_is_counted_once() -> None:
    Event.objects.bulk_create([make_tap(person_id=4)])  # its transaction's id is this cluster's
    consumers.run_all()
    assert opened() == 3
    assert transaction_ids.rebase() == 3
    Event.objects.bulk_create([make_tap(person_id=5)])
    consumers.run_all()
    assert opened() == 5
    assert differences() == []
