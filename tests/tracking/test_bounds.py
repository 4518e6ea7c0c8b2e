"""No number outgrows the one it is a part of: people within taps, respondents within openers, opened within sent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from messaging.campaigns.models import Campaign
from messaging.common.source_kinds import SourceKind
from messaging.deliveries.models import Delivery
from messaging.people.models import Person
from messaging.public import source
from tests.messaging.factories import make_campaign
from tests.people import make_workspace
from tests.tracking.log import NOON, make_dismissal, make_report, make_tap, write
from tracking import consumers
from tracking.erasure import services as erasure
from tracking.ingest.models import Event, EventKind
from tracking.metrics.ranges import Range
from tracking.metrics.report import Report, report
from tracking.rollups import read
from tracking.rollups.differences import differences
from tracking.rollups.models import SubjectKind

WHO = {"user_id": ["ann", "bob", "cem"], "anonymous_id": ["phone", "desk", "tablet"]}
some_id = st.sampled_from([(field, name) for field, names in WHO.items() for name in names])
deeds = st.one_of(
    st.tuples(st.just("sign up"), some_id),
    st.tuples(st.just("sign up"), some_id),
    st.tuples(st.just("report"), st.tuples(st.integers(0, 50), st.integers(0, 3), st.integers(-30, 30))),
    st.tuples(st.just("report"), st.tuples(st.integers(0, 50), st.integers(0, 3), st.integers(-30, 30))),
    st.tuples(st.just("identify"), st.tuples(*map(st.sampled_from, WHO.values()))),
    st.tuples(st.just("erase"), st.integers(0, 50)),
    st.tuples(st.just("follow"), st.none()),
)
MAKERS = [
    make_tap,
    lambda **of: make_tap("Never", **of),
    lambda **of: make_report(kind=EventKind.OPENED, **of),
    lambda **of: make_dismissal(**of),
]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=st.lists(deeds, min_size=8, max_size=25))
def test_whatever_happens_a_part_is_never_more_than_the_whole(db: Any, story: list[tuple[str, Any]]) -> None:
    with undone():
        campaign = make_campaign(make_workspace(), frequency="always")
        for deed, what in story:
            do(campaign, deed, what)
            check(campaign)
        consumers.run_all()
        check(campaign)
        assert differences(campaign.workspace_id) == []


@contextmanager
def undone() -> Iterator[None]:
    """Examples share the test's transaction: each leaves it as it was."""
    beginning = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(beginning)


def do(campaign: Campaign, deed: str, what: Any) -> None:
    if deed == "sign up":
        write(call(campaign, EventKind.TRACK, **dict([what]), name="Signed up"))
        consumers.run_all()
    elif deed == "identify":
        write(call(campaign, EventKind.IDENTIFY, user_id=what[0], anonymous_id=what[1]))
        consumers.run_all()
    elif deed == "report" and (
        sent := list(Delivery.objects.filter(workspace_id=campaign.workspace_id).order_by("pk"))
    ):
        number, maker, hours = what
        write(MAKERS[maker](**of(campaign, sent[number % len(sent)]), occurred_at=NOON + timedelta(hours=hours)))
    elif deed == "erase" and (people := list(Person.objects.of(campaign.workspace).order_by("pk"))):
        erasure.erase(workspace_id=campaign.workspace_id, person_id=people[what % len(people)].pk)
    elif deed == "follow":
        consumers.run_all()


def check(campaign: Campaign) -> None:
    said = numbers(campaign)
    assert said.clicked <= said.opened <= said.sent
    assert max(said.dismissed.values(), default=0) <= said.opened
    assert said.respondents <= said.openers <= said.opened
    counts = read.counts(campaign.workspace_id, SourceKind.CAMPAIGN, campaign.pk)
    for one in counts:
        assert one.distinct <= one.total
        if one.kind == SubjectKind.RESPONSE:
            assert one.distinct <= said.respondents
            assert one.total <= said.responses


def numbers(campaign: Campaign) -> Report:
    found = source(campaign.workspace_id, SourceKind.CAMPAIGN, campaign.pk)
    assert found is not None
    return report(found, Range())


def call(campaign: Campaign, kind: EventKind, **over: Any) -> Event:
    """What a server says of somebody: no report of a delivery."""
    event = make_report(campaign.workspace_id, kind, **over)
    for field in ("person_id", "delivery_id", "snapshot_id", "source_kind", "source_id", "message_id"):
        setattr(event, field, None)
    return event


def of(campaign: Campaign, delivery: Delivery) -> dict[str, Any]:
    return {
        "workspace_id": campaign.workspace_id,
        "person_id": delivery.person_id,
        "delivery_id": delivery.pk,
        "snapshot_id": campaign.snapshot_id,
        "source_kind": SourceKind.CAMPAIGN,
        "source_id": campaign.pk,
        "message_id": campaign.message_id,
    }
