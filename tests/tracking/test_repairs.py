"""What merging, erasing and forgetting make of the counts."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from messaging.people.models import Person
from messaging.values import Merge
from tests.people import make_person, make_workspace
from tests.tracking.log import NOON, make_report, make_tap, write
from tracking import consumers
from tracking.consumers.runner import hold
from tracking.erasure import services as erasure
from tracking.ingest.models import Event, EventKind
from tracking.responses.models import Response
from tracking.rollups import read, repair
from tracking.rollups.differences import differences
from tracking.rollups.models import Seen, Subject, SubjectKind

pytestmark = pytest.mark.django_db


def test_a_person_with_two_deliveries_on_one_day_becomes_another_who_has_one() -> None:
    write(make_tap(delivery_id=10), make_tap(delivery_id=11), make_tap(person_id=2, delivery_id=20))
    consumers.run_all()
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
    consumers.run_all()
    kept = list(Seen.objects.filter(person_id=2).order_by("delivery_id").values_list("delivery_id", "marks"))
    hold(*consumers.NAMES)
    repair.erase(1, [1], [], [])
    assert list(Seen.objects.order_by("delivery_id").values_list("delivery_id", "marks")) == kept
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
    consumers.run_all()
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
    consumers.run_all()
    assert erasure.prune(date(2026, 4, 2)) == 1
    assert Response.objects.filter(workspace_id=forgetful.pk).count() == 1
    assert Response.objects.filter(workspace_id=keeping.pk).count() == 2
    assert differences() == []


@pytest.mark.parametrize("known", ["by the last deletion", "by the newest receipt"])
def test_a_clock_that_is_forty_days_ahead_deletes_nothing(known: str) -> None:
    workspace = make_workspace(retention_days=30)
    write(make_tap(workspace_id=workspace.pk, occurred_at=NOON))
    consumers.run_all()
    today = Event.objects.get().received_at.date()
    if known == "by the last deletion":
        erasure.prune(today - timedelta(days=1), sure=True)
        erasure.prune(today)
    rows = Event.objects.count()
    with pytest.raises(erasure.ClockIsAhead, match="the clock may be wrong"):
        erasure.prune(today + timedelta(days=40))
    assert Event.objects.count() == rows
    erasure.prune(today + timedelta(days=40), sure=True)
    erasure.prune(today + timedelta(days=41))
