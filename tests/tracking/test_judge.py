"""Counts are what the log says, and whoever judges them finds where they are not."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from messaging.values import Merge
from tests.tracking.log import NOON, make_dismissal, make_report, make_tap, restart, write
from tracking import consumers
from tracking.consumers.models import Watermark
from tracking.consumers.runner import hold
from tracking.erasure.models import Erased, Merged
from tracking.ingest.models import Event
from tracking.responses.models import Response
from tracking.rollups import read, repair
from tracking.rollups.differences import differences
from tracking.rollups.models import Bucket, DayBucket, People, Seen, Subject, SubjectKind

pytestmark = pytest.mark.django_db
ALL = (Event, Response, Bucket, DayBucket, Seen, People, Subject, Watermark, Merged, Erased)

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
            consumers.run_all()
        elif deed == "merge" and what[0] != what[1] and not {*what} & gone.keys():
            gone[what[0]] = what[1]
            hold("responses", "rollup")
            repair.merge([Merge(1, *what)])
        elif deed == "erase":
            hold(*consumers.NAMES)
            head = Merged.objects.filter(gone=what).values_list("kept", flat=True).first() or what
            family = {head, *Merged.objects.filter(kept=head).values_list("gone", flat=True)}
            repair.erase(1, sorted(family), [], [])
        elif deed == "prune":
            hold(*consumers.NAMES)
            repair.prune(1, NOON.date() + timedelta(days=what))
        assert differences() == []
    consumers.run_all()
    assert differences() == []
    told = {(c.kind, c.name): c for c in read.counts(1, 1, 1)}
    assert all(c.distinct <= c.total for c in told.values())
    if (clicked := told.get((SubjectKind.CLICKED, ""))) is not None:
        assert clicked.distinct <= told[SubjectKind.OPENED, ""].distinct


def test_the_judge_finds_a_wrong_count(capsys: Any) -> None:
    write(make_tap())
    consumers.run_all()
    call_command("check_counts")
    Bucket.objects.update(count=7)
    with pytest.raises(SystemExit) as stop:
        call_command("check_counts")
    assert stop.value.code == 1
    assert "the log says 1, the counts say 7" in capsys.readouterr().out


def test_the_judge_finds_days_that_are_not_the_sum_of_their_hours() -> None:
    write(make_tap())
    consumers.run_all()
    DayBucket.objects.update(count=7)
    assert differences()
    DayBucket.objects.update(count=1)
    assert differences() == []


def with_todays_columns(sql: str) -> str:
    """Migration 0010 renamed a column that the SQL of earlier ones names."""
    return sql.replace("follower", "consumer")


def test_the_migration_adds_up_the_days_that_the_engine_counted() -> None:
    migration: Any = import_module("tracking.migrations.0008_day_buckets")
    write(make_tap(), make_tap(occurred_at=NOON + timedelta(hours=3)), make_tap(occurred_at=NOON + timedelta(days=2)))
    consumers.run_all()
    DayBucket.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(with_todays_columns(migration.FILL))
    assert differences() == []


def test_the_judge_of_one_workspace_looks_at_no_other() -> None:
    write(make_tap(), make_tap(workspace_id=2))
    consumers.run_all()
    Bucket.objects.filter(subject_id__in=Subject.objects.filter(workspace_id=2).values("id")).update(count=9)
    assert differences(1) == []
    assert differences(2)
    assert differences()


def test_the_judge_finds_a_mark_that_nobody_made_or_that_is_missing_or_out_of_order() -> None:
    write(make_tap())
    consumers.run_all()
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
    consumers.run_all()
    hold("responses", "rollup")
    repair.merge([Merge(1, 1, 2)])
    write(make_tap(person_id=3), make_tap(person_id=4))
    found = list(Seen.objects.order_by("delivery_id").values())
    with connection.cursor() as cursor:
        cursor.execute(with_todays_columns(migration.BACK))
        cursor.execute("SELECT count(*), count(DISTINCT entity_id) FROM tracking_seen")
        assert cursor.fetchone() == (16, 6)
        cursor.execute(with_todays_columns(migration.FORWARD))
    assert list(Seen.objects.order_by("delivery_id").values()) == found
    assert differences() == []
