"""Consumers walk the log once each, in whole transactions, and say how far behind they are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from messaging.deliveries.models import Delivery, DeliveryState
from messaging.people.models import Person
from tests.people import make_workspace
from tests.tracking.ingest import make_delivery, make_snapshot
from tests.tracking.log import NOON, make_report, make_tap, write
from tracking import consumers
from tracking.consumers import Consumer, step
from tracking.consumers.models import DeadLetter, Watermark
from tracking.consumers.runner import LogRange
from tracking.ingest.models import Event, EventKind
from tracking.responses.models import Response
from tracking.rollups import read, sql
from tracking.rollups.differences import differences
from tracking.rollups.models import Bucket, SubjectKind

pytestmark = pytest.mark.django_db


def test_nothing_is_followed_before_it_is_settled() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        [now] = cursor.fetchone()
    write(make_tap(tx=now))
    assert consumers.run_all() == 0
    assert not Bucket.objects.exists()
    assert read.counts(1, 1, 1)
    assert differences() == []


def test_an_idle_second_costs_one_question(django_assert_num_queries: Any) -> None:
    write(make_tap())
    assert consumers.run_all() > 0
    with django_assert_num_queries(1):
        assert consumers.run_all() == 0


def test_a_follower_walks_whole_transactions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracking.consumers.runner.CHUNK", 2)
    write(*[make_tap(tx=1) for _ in range(5)], make_tap(tx=2))
    pieces: list[LogRange] = []
    walker = Consumer("rollup", pieces.append)
    assert step(walker)
    assert (pieces[0].after, pieces[0].upto) == (0, 1)
    assert step(walker)
    assert not step(walker)
    assert Watermark.objects.get(consumer="rollup").tx == 2


def test_a_poisoned_row_is_put_aside_and_the_rest_goes_on() -> None:
    events = [make_tap(person_id=n) for n in range(1, 8)]
    write(*events)

    def work(log_range: LogRange) -> None:
        if log_range.keys is None or events[3].key in log_range.keys:
            sql.roll(log_range.after, log_range.upto, log_range.keys)
            raise ValueError("poison")
        sql.roll(log_range.after, log_range.upto, log_range.keys)

    assert step(Consumer("rollup", work))
    assert DeadLetter.objects.get().key == events[3].key
    [opened] = [c for c in read.counts(1, 1, 1) if c.kind == SubjectKind.OPENED]
    assert opened.total == 6
    assert {one.consumer: one.dead_letters for one in consumers.lag()}["rollup"] == 1
    assert differences()


def test_a_step_that_dies_has_done_nothing() -> None:
    write(make_tap())

    def dies(log_range: LogRange) -> None:
        sql.roll(log_range.after, log_range.upto, log_range.keys)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        step(Consumer("rollup", dies))
    assert not Bucket.objects.exists()
    consumers.run_all()
    assert differences() == []


def test_lag_is_told_per_consumer() -> None:
    write(make_tap(received_at=datetime.now(UTC) - timedelta(seconds=90)))
    before = {one.consumer: one for one in consumers.lag()}
    assert set(before) == {"people", "responses", "rollup", "settle", "webhooks"}
    assert before["rollup"].rows == 1
    assert 80 < before["rollup"].seconds < 200
    consumers.run_all()
    assert [(one.rows, one.seconds) for one in consumers.lag()] == [(0, 0.0)] * 5


def test_deliveries_are_settled() -> None:
    snapshot = make_snapshot(make_workspace())
    make_delivery(snapshot)
    delivery = Delivery.objects.get()
    ids = {"workspace_id": snapshot.workspace_id, "person_id": delivery.person_id, "delivery_id": delivery.pk}
    write(make_tap(**ids))
    consumers.run_all()
    delivery = Delivery.objects.get()
    assert delivery.state == DeliveryState.CLICKED
    assert delivery.opened_at == delivery.clicked_at == NOON


def test_an_anonymous_person_who_is_identified_is_counted_once() -> None:
    workspace = make_workspace()
    w = workspace.pk

    def call(kind: EventKind, **over: Any) -> Event:
        blank = dict.fromkeys(("person_id", "delivery_id", "snapshot_id", "source_kind", "source_id", "message_id"))
        event = make_report(w, kind, **over)
        for field, value in blank.items():
            setattr(event, field, value)
        return event

    write(call(EventKind.TRACK, anonymous_id="a", name="x"), call(EventKind.TRACK, user_id="ada", name="x"))
    consumers.run_all()
    [anonymous, ada] = Person.objects.order_by("pk")
    write(
        make_tap(workspace_id=w, person_id=anonymous.pk),
        make_tap(workspace_id=w, person_id=ada.pk, occurred_at=NOON + timedelta(days=2)),
    )
    consumers.run_all()
    write(make_tap(workspace_id=w, person_id=anonymous.pk, occurred_at=NOON + timedelta(days=1)))
    write(call(EventKind.IDENTIFY, anonymous_id="a", user_id="ada", payload={"plan": "pro"}))
    consumers.run_all()
    [response] = [c for c in read.counts(w, 1, 1) if c.kind == SubjectKind.RESPONSE]
    assert (response.total, response.distinct) == (3, 1)
    assert Person.objects.get(pk=ada.pk).attributes == {"plan": "pro"}
    assert set(Response.objects.values_list("person_id", flat=True)) == {ada.pk}
    assert differences() == []
