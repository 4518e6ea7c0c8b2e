"""The engine and the fold say the same, whatever comes in whatever order."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tracking.log import NOON, make_dismissal, make_report, make_tap, restart, write
from tracking.consumers.models import Watermark
from tracking.ingest.models import Event
from tracking.rollups import read, sql
from tracking.rollups.fold import Counts, Key, Report, fold, histogram
from tracking.rollups.models import Bucket, DayBucket, People, Seen, Subject, SubjectKind

pytestmark = pytest.mark.django_db


def as_report(event: Event) -> Report:
    return Report(
        event.workspace_id,
        event.kind,
        event.occurred_at,
        event.source_kind or 0,
        event.source_id or 0,
        event.message_id or 0,
        event.delivery_id or 0,
        event.person_id or 0,
        event.action_id,
        event.name,
        event.reason,
        event.personal,
        event.test,
    )


def folded(events: list[Event]) -> Counts:
    counts = Counts()
    for event in events:
        fold(counts, as_report(event))
    return counts


def roll(events: list[Event]) -> None:
    write(*events)
    Watermark.objects.get_or_create(consumer="rollup")
    low, high = min(e.tx for e in events) - 1, max(e.tx for e in events)
    sql.roll(low, high)
    Watermark.objects.update(tx=high)


def stored() -> tuple[dict[Any, int], set[Any], dict[Any, int]]:
    keys = {
        s.id: Key(s.workspace_id, s.kind, s.source_kind, s.source_id, s.message_id, s.action_id, s.name)
        for s in Subject.objects.all()
    }
    return (
        {(keys[b.subject_id], b.hour): b.count for b in Bucket.objects.all()},
        {
            (keys[mark.subject_id], seen.person_id if mark.of_people else seen.delivery_id, mark.day)
            for seen in Seen.objects.all()
            for mark in seen.told()
        },
        {(keys[p.subject_id], p.day, p.previous): p.count for p in People.objects.all()},
    )


events = st.builds(
    lambda maker, what, person, delivery, hours, test, personal, source: maker(
        what,
        person_id=person,
        delivery_id=person * 10 + delivery,
        occurred_at=NOON + timedelta(hours=hours),
        test=test,
        personal=personal,
        source_id=source,
    ),
    st.sampled_from([make_tap, make_dismissal]),
    st.sampled_from(["close", "timeout", "Yes"]),
    st.integers(1, 3),
    st.integers(0, 1),
    st.integers(-80, 80),
    st.sampled_from([False, False, False, True]),
    st.booleans(),
    st.integers(1, 2),
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chunks=st.lists(st.lists(events, min_size=1, max_size=12), min_size=1, max_size=5), since=st.integers(-4, 4))
def test_the_engine_equals_the_fold(chunks: list[list[Event]], since: int) -> None:
    for model in (Event, Bucket, DayBucket, Seen, People, Subject, Watermark):
        model.objects.all().delete()
    restart()
    *rolled, tail = chunks
    for chunk in rolled:
        roll(chunk)
    everything = [event for chunk in rolled for event in chunk]
    wanted = folded(everything)
    totals, seen, people = stored()
    assert totals == wanted.totals
    assert seen == wanted.seen
    assert people == histogram(wanted)

    write(*tail)
    wanted = folded([*everything, *tail])
    assert read_totals() == sums(wanted)
    first = NOON.date() + timedelta(days=since)
    assert read_totals(since=first) == sums(wanted, since=first)
    assert read_totals(since=first, until=first + timedelta(days=1)) == sums(
        wanted, since=first, until=first + timedelta(days=1)
    )
    days = {(p.at.date(), p.kind, p.action_id, p.name): (p.total, p.distinct) for p in all_days()}
    assert days == sums_by_day(wanted)


def read_totals(**over: Any) -> dict[Any, tuple[int, int]]:
    return {(c.kind, c.action_id, c.name): (c.total, c.distinct) for c in read.counts(1, 1, 1, **over)}


def all_days() -> list[read.Point]:
    return read.series(1, 1, 1, kinds=SubjectKind.values)


def sums(counts: Counts, since: date = date.min, until: date = date.max) -> dict[Any, tuple[int, int]]:
    total: Counter[Any] = Counter()
    entities: dict[Any, set[int]] = {}
    for (key, hour), n in counts.totals.items():
        if key.source_id == 1 and since <= hour.date() <= until:
            total[key.kind, key.action_id, key.name] += n
    for key, entity, day in counts.seen:
        if key.source_id == 1 and since <= day <= until:
            entities.setdefault((key.kind, key.action_id, key.name), set()).add(entity)
    return {key: (n, len(entities[key])) for key, n in total.items()}


def sums_by_day(counts: Counts) -> dict[Any, tuple[int, int]]:
    days = {hour.date() for (_, hour) in counts.totals}
    return {(day, *key): value for day in days for key, value in sums(counts, day, day).items()}


def test_every_report_proves_the_opening() -> None:
    roll([make_tap("Yes", person_id=1), make_report(person_id=2), make_dismissal("timeout", person_id=3)])
    counts = read_totals()
    assert counts[SubjectKind.OPENED, "", ""] == (3, 3)
    assert counts[SubjectKind.RESPONSE, "yes", "Yes"] == (1, 1)
    assert counts[SubjectKind.DISMISSED, "", "timeout"] == (1, 1)


def test_a_person_is_one_in_the_roll_ups_and_in_the_tail_through_whatever_delivery() -> None:
    roll([make_tap("Yes", delivery_id=10)])
    write(make_tap("Yes", delivery_id=11), make_tap("Yes", delivery_id=11, occurred_at=NOON + timedelta(days=1)))
    told = read_totals()
    assert told[SubjectKind.OPENED, "", ""] == (3, 2)
    assert told[SubjectKind.RESPONSE, "yes", "Yes"] == (3, 1)
    tomorrow = NOON.date() + timedelta(days=1)
    assert read_totals(since=tomorrow)[SubjectKind.RESPONSE, "yes", "Yes"] == (1, 1)
    assert {(p.at.date(), p.distinct) for p in all_days() if p.kind == SubjectKind.RESPONSE} == {
        (NOON.date(), 1),
        (tomorrow, 1),
    }


def test_marks_between_others_move_whoever_comes_after_them() -> None:
    days = [NOON + timedelta(days=n) for n in range(6)]
    reports = {n: make_report(occurred_at=day, delivery_id=10 + n % 2) for n, day in enumerate(days)}
    roll([reports[0], reports[5]])
    roll([reports[3], reports[1]])
    roll([reports[2], reports[4], make_report(occurred_at=days[3], delivery_id=10)])
    [people] = Subject.objects.filter(kind=SubjectKind.OPENED_PEOPLE)
    chain = People.objects.filter(subject_id=people.pk).order_by("day").values_list("day", "previous", "count")
    assert list(chain) == [(day.date(), days[n - 1].date() if n else None, 1) for n, day in enumerate(days)]


def test_what_was_said_of_a_delivery_is_one_row_in_order() -> None:
    roll([make_tap("Yes"), make_tap("Yes"), make_dismissal("timeout", occurred_at=NOON - timedelta(days=1))])
    roll([make_tap("Yes")])
    row = Seen.objects.get()
    assert row.marks == sorted(set(row.marks))
    assert Counter(mark.day for mark in row.told()) == {NOON.date(): 5, NOON.date() - timedelta(days=1): 3}


def test_a_day_without_end_or_before_all_counting_can_be_asked_for() -> None:
    roll([make_tap("Yes")])
    write(make_tap("Yes"))
    assert read_totals(since=date(1, 1, 1), until=date(9999, 12, 31)) == read_totals()
    assert read_totals(until=date(1969, 12, 31)) == read_totals(since=date(2200, 1, 1)) == {}


def test_test_reports_are_counted_nowhere() -> None:
    roll([make_tap("Yes", test=True)])
    assert read_totals() == {}
    assert not Subject.objects.exists()


def test_another_workspace_sees_nothing() -> None:
    roll([make_tap("Yes")])
    assert read.counts(2, 1, 1) == []


def test_a_reader_asks_once(django_assert_num_queries: Any) -> None:
    roll([make_tap(f"Name {n}", person_id=n) for n in range(1, 30)])
    with django_assert_num_queries(1):
        read.counts(1, 1, 1)


def test_only_the_most_frequent_names_are_told() -> None:
    roll([make_tap(f"Name {n}", action_id="b", person_id=1) for n in range(1, 30) for _ in range(n)])
    told = [c for c in read.counts(1, 1, 1, names=3) if c.kind == SubjectKind.RESPONSE]
    assert [c.name for c in told] == ["Name 29", "Name 28", "Name 27"]


def test_hours_are_told_in_order() -> None:
    late = datetime(2026, 3, 2, 10, 5, tzinfo=UTC)
    roll([make_tap("Yes"), make_tap("Yes", occurred_at=late)])
    points = read.series(1, 1, 1, kinds=[SubjectKind.RESPONSE], step="hour")
    assert [(p.at.hour, p.total) for p in points] == [(10, 1), (12, 1)]
