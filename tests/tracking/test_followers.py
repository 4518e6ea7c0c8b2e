"""Followers, repairs and the judge, on logs of every kind."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from messaging.models import Delivery, DeliveryState, Person
from messaging.values import Merge
from tests.people import make_person, make_workspace
from tests.tracking.ingest import make_delivery, make_use
from tests.tracking.log import NOON, make_dismissal, make_report, make_tap, restart, write
from tracking.models import (
    Aside,
    Bucket,
    Erased,
    Event,
    EventKind,
    Merged,
    People,
    Response,
    Seen,
    Subject,
    SubjectKind,
    Watermark,
)
from tracking.rollups import read, repair, sql
from tracking.services import erasure, followers
from tracking.services.followers import Follower, step
from tracking.services.followers.walk import Piece, hold
from tracking.services.recount import differences

pytestmark = pytest.mark.django_db
ALL = (Event, Response, Bucket, Seen, People, Subject, Watermark, Merged, Erased)

reports = st.builds(
    lambda maker, what, person, delivery, hours, personal, test: maker(
        what,
        person_id=person,
        delivery_id=person * 10 + delivery,
        occurred_at=NOON + timedelta(hours=hours),
        personal=personal,
        test=test,
    ),
    st.sampled_from([make_tap, make_dismissal]),
    st.sampled_from(["close", "timeout", "Yes"]),
    st.integers(1, 5),
    st.integers(0, 2),
    st.integers(-100, 100),
    st.booleans(),
    st.sampled_from([False, False, False, True]),
)
deeds = st.one_of(
    st.tuples(st.just("write"), st.lists(reports, min_size=1, max_size=8)),
    st.tuples(st.just("follow"), st.none()),
    st.tuples(st.just("merge"), st.tuples(st.integers(1, 5), st.integers(1, 5))),
    st.tuples(st.just("erase"), st.integers(1, 5)),
    st.tuples(st.just("prune"), st.integers(-3, 3)),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=st.lists(deeds, min_size=2, max_size=10))
def test_whatever_happens_the_counts_are_what_the_log_says(story: list[tuple[str, Any]]) -> None:
    for model in ALL:
        model.objects.all().delete()
    restart()
    gone: dict[int, int] = {}
    for deed, what in story:
        if deed == "write":
            write(*what)
        elif deed == "follow":
            followers.follow()
        elif deed == "merge" and what[0] != what[1] and not {*what} & gone.keys():
            gone[what[0]] = what[1]
            hold("responses", "rollup")
            repair.merge([Merge(1, *what)])
        elif deed == "erase":
            hold(*erasure.ALL)
            head = Merged.objects.filter(gone=what).values_list("kept", flat=True).first() or what
            family = {head, *Merged.objects.filter(kept=head).values_list("gone", flat=True)}
            repair.erase(1, sorted(family), [], [])
        elif deed == "prune":
            hold(*erasure.ALL)
            repair.prune(1, NOON.date() + timedelta(days=what))
        assert differences() == []
    followers.follow()
    assert differences() == []
    told = {(c.kind, c.name): c for c in read.counts(1, 1, 1)}
    assert all(c.distinct <= c.total for c in told.values())
    if (clicked := told.get((SubjectKind.CLICKED, ""))) is not None:
        assert clicked.distinct <= told[SubjectKind.OPENED, ""].distinct


def test_the_judge_finds_a_wrong_count(capsys: Any) -> None:
    write(make_tap())
    followers.follow()
    call_command("check_counts")
    Bucket.objects.update(count=7)
    with pytest.raises(SystemExit) as stop:
        call_command("check_counts")
    assert stop.value.code == 1
    assert "the log says 1, the counts say 7" in capsys.readouterr().out


def test_the_judge_of_one_workspace_looks_at_no_other() -> None:
    write(make_tap(), make_tap(workspace_id=2))
    followers.follow()
    Bucket.objects.filter(subject_id__in=Subject.objects.filter(workspace_id=2).values("id")).update(count=9)
    assert differences(1) == []
    assert differences(2)
    assert differences()


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


def test_a_person_with_two_deliveries_on_one_day_becomes_another_who_has_one() -> None:
    write(make_tap(delivery_id=10), make_tap(delivery_id=11), make_tap(person_id=2, delivery_id=20))
    followers.follow()
    hold("responses", "rollup")
    repair.merge([Merge(1, 1, 2)])
    told = {c.kind: (c.total, c.distinct) for c in read.counts(1, 1, 1)}
    assert told[SubjectKind.OPENED] == (3, 3)
    assert told[SubjectKind.OPENED_PEOPLE] == told[SubjectKind.RESPONDED] == (3, 1)
    assert list(Seen.objects.order_by("delivery_id").values_list("person_id", "delivery_id")) == [
        (2, 10),
        (2, 11),
        (2, 20),
    ]
    assert differences() == []


def test_the_marks_of_whoever_stays_are_untouched_by_an_erasure() -> None:
    write(
        make_tap(), make_tap(person_id=2), make_tap(person_id=2, delivery_id=21, occurred_at=NOON + timedelta(days=1))
    )
    followers.follow()
    kept = list(Seen.objects.filter(person_id=2).order_by("delivery_id").values_list("delivery_id", "marks"))
    hold(*erasure.ALL)
    repair.erase(1, [1], [], [])
    assert list(Seen.objects.order_by("delivery_id").values_list("delivery_id", "marks")) == kept
    assert differences() == []


def test_the_judge_finds_a_mark_that_nobody_made_or_that_is_missing_or_out_of_order() -> None:
    write(make_tap())
    followers.follow()
    right = Seen.objects.get().marks
    for wrong in ([*right, right[-1] + 1], right[:-1], right[::-1], [right[0] - 1 + (1 << 16), *right[1:]]):
        Seen.objects.update(marks=wrong)
        assert differences(), wrong
    Seen.objects.update(marks=right, person_id=2)
    assert differences()
    Seen.objects.update(person_id=1)
    assert differences() == []


def test_the_migration_finds_in_the_log_what_the_engine_found() -> None:
    migration: Any = import_module("tracking.migrations.0005_seen_by_delivery")
    write(make_tap(delivery_id=11), make_tap(personal=True), make_dismissal("timeout"), make_report(person_id=3))
    write(make_tap(test=True), make_dismissal("esc", person_id=2, occurred_at=NOON + timedelta(days=1)))
    followers.follow()
    hold("responses", "rollup")
    repair.merge([Merge(1, 1, 2)])
    write(make_tap(person_id=3), make_tap(person_id=4))
    found = list(Seen.objects.order_by("delivery_id").values())
    with connection.cursor() as cursor:
        cursor.execute(migration.BACK)
        cursor.execute("SELECT count(*), count(DISTINCT entity_id) FROM tracking_seen")
        assert cursor.fetchone() == (16, 6)
        cursor.execute(migration.FORWARD)
    assert list(Seen.objects.order_by("delivery_id").values()) == found
    assert differences() == []


def test_an_erased_person_is_nowhere() -> None:
    workspace = make_workspace()
    w = workspace.pk
    ada, bob = make_person(workspace, "ada"), make_person(workspace, "bob")
    identify = make_report(w, EventKind.IDENTIFY, user_id="ada", payload={"name": "Ada"})
    identify.person_id = None
    on_bobs_phone = make_tap(workspace_id=w, person_id=bob.pk, user_id="ada")
    write(
        make_tap(workspace_id=w, person_id=ada.pk, name="Yes, Ada", personal=True),
        on_bobs_phone,
        identify,
        make_tap(workspace_id=2, person_id=ada.pk, user_id="ada"),
    )
    followers.follow()
    write(make_tap(workspace_id=w, person_id=ada.pk))
    assert erasure.erase(workspace_id=w, person_id=ada.pk) == 3
    assert differences() == []
    assert list(Event.objects.filter(workspace_id=w).values_list("key", "user_id")) == [(on_bobs_phone.key, None)]
    assert Event.objects.filter(workspace_id=2).count() == 1
    assert not Subject.objects.filter(name__contains="Ada").exists()
    assert not Person.objects.filter(pk=ada.pk).exists()
    assert erasure.erase(workspace_id=w, person_id=ada.pk) == 0


def test_only_workspaces_that_wish_forget_the_past() -> None:
    forgetful = make_workspace("Forgetful", retention_days=30)
    keeping = make_workspace("Keeping")
    for workspace in (forgetful, keeping):
        write(
            make_tap(workspace_id=workspace.pk),
            make_tap(workspace_id=workspace.pk, occurred_at=NOON + timedelta(days=5)),
        )
    followers.follow()
    assert erasure.prune(date(2026, 4, 2)) == 1
    assert Response.objects.filter(workspace_id=forgetful.pk).count() == 1
    assert Response.objects.filter(workspace_id=keeping.pk).count() == 2
    assert differences() == []
