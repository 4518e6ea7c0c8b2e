"""Followers walk the log once each, in whole transactions, and say how far behind they are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from messaging.models import Delivery, DeliveryState, Person
from tests.people import make_workspace
from tests.tracking.ingest import make_delivery, make_use
from tests.tracking.log import NOON, make_report, make_tap, write
from tracking.models import (
    Aside,
    Bucket,
    Event,
    EventKind,
    Response,
    SubjectKind,
    Watermark,
)
from tracking.rollups import read, sql
from tracking.services import followers
from tracking.services.followers import Follower, step
from tracking.services.followers.walk import Piece
from tracking.services.recount import differences

pytestmark = pytest.mark.django_db


def test_nothing_is_followed_before_it_is_settled() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        [now] = cursor.fetchone()
    write(make_tap(tx=now))
    assert followers.follow() == 0
    assert not Bucket.objects.exists()
    assert read.counts(1, 1, 1)
    assert differences() == []


def test_an_idle_second_costs_one_question(django_assert_num_queries: Any) -> None:
    write(make_tap())
    assert followers.follow() > 0
    with django_assert_num_queries(1):
        assert followers.follow() == 0


def test_a_follower_walks_whole_transactions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracking.services.followers.walk.CHUNK", 2)
    write(*[make_tap(tx=1) for _ in range(5)], make_tap(tx=2))
    pieces: list[Piece] = []
    walker = Follower("rollup", pieces.append)
    assert step(walker)
    assert (pieces[0].after, pieces[0].upto) == (0, 1)
    assert step(walker)
    assert not step(walker)
    assert Watermark.objects.get(follower="rollup").tx == 2


def test_a_poisoned_row_is_put_aside_and_the_rest_goes_on() -> None:
    events = [make_tap(person_id=n) for n in range(1, 8)]
    write(*events)

    def work(piece: Piece) -> None:
        if piece.keys is None or events[3].key in piece.keys:
            sql.roll(piece.after, piece.upto, piece.keys)
            raise ValueError("poison")
        sql.roll(piece.after, piece.upto, piece.keys)

    assert step(Follower("rollup", work))
    assert Aside.objects.get().key == events[3].key
    [opened] = [c for c in read.counts(1, 1, 1) if c.kind == SubjectKind.OPENED]
    assert opened.total == 6
    assert {one.follower: one.aside for one in followers.lag()}["rollup"] == 1
    assert differences()


def test_a_step_that_dies_has_done_nothing() -> None:
    write(make_tap())

    def dies(piece: Piece) -> None:
        sql.roll(piece.after, piece.upto, piece.keys)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        step(Follower("rollup", dies))
    assert not Bucket.objects.exists()
    followers.follow()
    assert differences() == []


def test_lag_is_told_per_follower() -> None:
    write(make_tap(received_at=datetime.now(UTC) - timedelta(seconds=90)))
    before = {one.follower: one for one in followers.lag()}
    assert set(before) == {"people", "responses", "rollup", "settle", "webhooks"}
    assert before["rollup"].rows == 1
    assert 80 < before["rollup"].seconds < 200
    followers.follow()
    assert [(one.rows, one.seconds) for one in followers.lag()] == [(0, 0.0)] * 5


def test_deliveries_are_settled() -> None:
    use = make_use(make_workspace())
    make_delivery(use)
    delivery = Delivery.objects.get()
    ids = {"workspace_id": use.workspace_id, "person_id": delivery.person_id, "delivery_id": delivery.pk}
    write(make_tap(**ids))
    followers.follow()
    delivery = Delivery.objects.get()
    assert delivery.state == DeliveryState.CLICKED
    assert delivery.opened_at == delivery.clicked_at == NOON


def test_an_anonymous_person_who_is_identified_is_counted_once() -> None:
    workspace = make_workspace()
    w = workspace.pk

    def call(kind: EventKind, **over: Any) -> Event:
        blank = dict.fromkeys(("person_id", "delivery_id", "use_id", "source_kind", "source_id", "message_id"))
        event = make_report(w, kind, **over)
        for field, value in blank.items():
            setattr(event, field, value)
        return event

    write(call(EventKind.TRACK, anonymous_id="a", name="x"), call(EventKind.TRACK, user_id="ada", name="x"))
    followers.follow()
    [anonymous, ada] = Person.objects.order_by("pk")
    write(
        make_tap(workspace_id=w, person_id=anonymous.pk),
        make_tap(workspace_id=w, person_id=ada.pk, occurred_at=NOON + timedelta(days=2)),
    )
    followers.follow()
    write(make_tap(workspace_id=w, person_id=anonymous.pk, occurred_at=NOON + timedelta(days=1)))
    write(call(EventKind.IDENTIFY, anonymous_id="a", user_id="ada", payload={"plan": "pro"}))
    followers.follow()
    [response] = [c for c in read.counts(w, 1, 1) if c.kind == SubjectKind.RESPONSE]
    assert (response.total, response.distinct) == (3, 1)
    assert Person.objects.get(pk=ada.pk).attributes == {"plan": "pro"}
    assert set(Response.objects.values_list("person_id", flat=True)) == {ada.pk}
    assert differences() == []
