from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connections

from console.accounts.models import Workspace
from messaging import public
from messaging.common.source_kinds import SourceKind
from messaging.deliveries.models import NO_TRIGGER, Delivery, DeliveryState, SendCount
from messaging.deliveries.services import nudges
from messaging.people.models import AnonymousId, Person
from messaging.people.services import person_batch
from messaging.values import Merge, PersonIdentifiers
from tests.messaging.factories import make_call, make_campaign, make_delivery, make_snapshot
from tests.people import make_person, make_workspace

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace() -> Workspace:
    return make_workspace()


def people(workspace: Workspace) -> dict[str | None, dict[str, Any]]:
    return {person.external_id: person.attributes for person in Person.objects.of(workspace)}


def test_identify_makes_a_person(workspace: Workspace) -> None:
    assert public.apply_calls([make_call(workspace, "identify", "ann", plan="pro")]) == []
    assert people(workspace) == {"ann": {"plan": "pro"}}


def test_identify_merges_traits_shallowly_and_null_removes(workspace: Workspace) -> None:
    make_person(workspace, "ann", plan="pro", age=30, address={"city": "Oslo", "zip": "1"})
    public.apply_calls([make_call(workspace, "identify", "ann", age=None, address={"city": "Bergen"})])
    assert people(workspace) == {"ann": {"plan": "pro", "address": {"city": "Bergen"}}}


def test_true_is_not_taken_for_one(workspace: Workspace) -> None:
    make_person(workspace, "ann", beta=1)
    public.apply_calls([make_call(workspace, "identify", "ann", beta=True)])
    assert people(workspace)["ann"]["beta"] is True


def test_calls_are_applied_in_their_order(workspace: Workspace) -> None:
    public.apply_calls([make_call(workspace, "identify", "ann", plan=plan) for plan in ("a", "b", "c")])
    assert people(workspace) == {"ann": {"plan": "c"}}


def test_an_event_of_an_unknown_user_makes_the_person(workspace: Workspace) -> None:
    public.apply_calls([make_call(workspace, "track", "ann", name="Opened app")])
    assert people(workspace) == {"ann": {}}


def test_an_event_of_an_unknown_browser_makes_somebody_anonymous_once(workspace: Workspace) -> None:
    for _ in range(2):
        public.apply_calls([make_call(workspace, "track", None, "browser", "Opened app")])
    [person] = Person.objects.of(workspace)
    assert person.external_id is None
    assert [link.anonymous_id for link in person.anonymous_ids.all()] == ["browser"]


def test_somebody_anonymous_becomes_known_under_an_id_nobody_had(workspace: Workspace) -> None:
    public.apply_calls([make_call(workspace, "identify", None, "browser", source="ad")])
    [before] = Person.objects.of(workspace)
    assert public.apply_calls([make_call(workspace, "identify", "ann", "browser", plan="pro")]) == []
    [after] = Person.objects.of(workspace)
    assert (after.pk, after.external_id, after.attributes) == (before.pk, "ann", {"source": "ad", "plan": "pro"})


def test_somebody_anonymous_merges_into_the_known_person_whose_attributes_win(workspace: Workspace) -> None:
    ann = make_person(workspace, "ann", plan="pro")
    public.apply_calls([make_call(workspace, "identify", None, "browser", plan="free", source="ad")])
    anonymous = Person.objects.get(external_id=None)
    merges = public.apply_calls([make_call(workspace, "identify", "ann", "browser")])
    assert merges == [Merge(workspace.pk, anonymous.pk, ann.pk)]
    assert people(workspace) == {"ann": {"plan": "pro", "source": "ad"}}
    assert AnonymousId.objects.get().person_id == ann.pk
    assert public.canonical(workspace.pk, [anonymous.pk, ann.pk]) == {anonymous.pk: ann.pk, ann.pk: ann.pk}


def test_hearing_twice_merges_once(workspace: Workspace) -> None:
    make_person(workspace, "ann")
    calls = [
        make_call(workspace, "track", None, "browser", "Looked"),
        make_call(workspace, "identify", "ann", "browser"),
    ]
    public.apply_calls(calls[:1])
    assert len(public.apply_calls(calls[1:])) == 1
    assert public.apply_calls(calls) == []
    assert Person.objects.count() == 2


def test_two_known_people_who_share_a_browser_stay_two(workspace: Workspace) -> None:
    public.apply_calls([make_call(workspace, "identify", "ann", "browser", plan="pro")])
    assert public.apply_calls([make_call(workspace, "identify", "bob", "browser")]) == []
    assert people(workspace) == {"ann": {"plan": "pro"}, "bob": {}}
    assert AnonymousId.objects.get().person.external_id == "bob"


def test_alias_makes_one_of_two_known_people(workspace: Workspace) -> None:
    old, new = make_person(workspace, "old", plan="pro"), make_person(workspace, "new")
    merges = public.apply_calls([make_call(workspace, "alias", "new", previousId="old")])
    assert merges == [Merge(workspace.pk, old.pk, new.pk)]
    assert people(workspace) == {"new": {"plan": "pro"}}


def test_a_call_under_the_former_id_is_about_who_they_are_now(workspace: Workspace) -> None:
    make_person(workspace, "old")
    public.apply_calls([make_call(workspace, "alias", "new", previousId="old")])
    public.apply_calls([make_call(workspace, "identify", "old", city="Oslo")])
    assert people(workspace) == {"new": {"city": "Oslo"}}


def test_alias_back_and_forth_ends_with_one_person(workspace: Workspace) -> None:
    make_person(workspace, "a")
    make_person(workspace, "b")
    public.apply_calls([make_call(workspace, "alias", "b", previousId="a")])
    assert public.apply_calls([make_call(workspace, "alias", "a", previousId="b")]) == []
    assert list(people(workspace)) == ["b"]


def test_merged_people_always_point_at_a_living_one(workspace: Workspace) -> None:
    rows = [make_person(workspace, name) for name in ("a", "b", "c", "d")]
    public.apply_calls([make_call(workspace, "alias", "b", previousId="a")])
    public.apply_calls(
        [make_call(workspace, "alias", "c", previousId="b"), make_call(workspace, "alias", "d", previousId="c")]
    )
    assert set(Person.objects.exclude(external_id="d").values_list("merged_into", flat=True)) == {rows[3].pk}


def test_alias_of_an_unknown_previous_id_links_it_as_a_browser(workspace: Workspace) -> None:
    public.apply_calls([make_call(workspace, "alias", "ann", previousId="browser")])
    public.apply_calls([make_call(workspace, "track", None, "browser", "Looked")])
    assert list(people(workspace)) == ["ann"]


def test_all_in_one_batch_is_as_call_by_call(workspace: Workspace) -> None:
    other = make_workspace("Other")
    calls = [
        ("track", None, "x", "Looked", {}),
        ("identify", "ann", "x", "", {"a": 1}),
        ("track", None, "y", "Looked", {}),
        ("identify", None, "y", "", {"b": 2}),
        ("identify", "ann", "y", "", {}),
        ("identify", "bob", "x", "", {"c": 3}),
        ("alias", "bea", None, "", {"previousId": "bob"}),
    ]
    public.apply_calls(
        [make_call(workspace, kind, user, anon, name, **payload) for kind, user, anon, name, payload in calls]
    )
    for kind, user, anon, name, payload in calls:
        public.apply_calls([make_call(other, kind, user, anon, name, **payload)])
    assert people(workspace) == people(other) == {"ann": {"a": 1, "b": 2}, "bea": {"c": 3}}


def test_ids_too_long_to_keep_are_passed_over(workspace: Workspace) -> None:
    public.apply_calls([make_call(workspace, "identify", "x" * 151), make_call(workspace, "identify", "ann")])
    assert list(people(workspace)) == ["ann"]


def test_people_of_another_workspace_are_other_people(workspace: Workspace) -> None:
    make_person(make_workspace("Other"), "ann", plan="pro")
    public.apply_calls([make_call(workspace, "identify", "ann")])
    assert people(workspace) == {"ann": {}}


def test_who_was_sent_the_same_twice_by_merging_sees_it_once(workspace: Workspace) -> None:
    ann = make_person(workspace, "ann")
    public.apply_calls([make_call(workspace, "identify", None, "browser")])
    anonymous = Person.objects.get(external_id=None)
    snapshot = make_snapshot(workspace, SourceKind.BROADCAST, 1)
    seen = make_delivery(anonymous, snapshot, trigger=NO_TRIGGER, state=DeliveryState.OPENED)
    unseen = make_delivery(ann, snapshot, trigger=NO_TRIGGER)
    public.apply_calls([make_call(workspace, "identify", "ann", "browser")])
    states = dict(Delivery.objects.values_list("pk", "state"))
    assert states == {seen.pk: DeliveryState.OPENED, unseen.pk: DeliveryState.RECALLED}


def test_erasing_forgets_the_person_those_merged_and_what_they_were_sent(workspace: Workspace) -> None:
    make_campaign(workspace, frequency="always")
    bob = make_person(workspace, "bob")
    make_person(workspace, "ann")
    public.apply_calls([make_call(workspace, "track", None, "browser", "Signed up")])
    public.apply_calls([make_call(workspace, "track", "bob", name="Signed up")])
    public.apply_calls([make_call(workspace, "identify", "ann", "browser")])
    anonymous = Person.objects.get(external_id=None)
    gone = public.erase(workspace.pk, anonymous.pk)
    assert set(Person.objects.values_list("pk", flat=True)) == {bob.pk}
    assert anonymous.pk in gone
    assert not AnonymousId.objects.exists()
    assert Delivery.objects.count() == SendCount.objects.get().count == 1


def test_a_person_of_another_workspace_is_not_erased(workspace: Workspace) -> None:
    other = make_person(make_workspace("Other"), "ann")
    assert public.erase(workspace.pk, other.pk) == []
    assert Person.objects.filter(pk=other.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_nobody_twice() -> None:
    workspace = make_workspace()
    make_campaign(workspace)
    calls = [
        call
        for n in range(40)
        for call in (
            make_call(workspace, "track", None, f"b{n}", "Signed up"),
            make_call(workspace, "identify", f"u{n % 20}", f"b{n}", n=n),
        )
    ]
    errors: list[BaseException] = []

    def work(mine: list[Any]) -> None:
        try:
            for start in range(0, len(mine), 10):
                public.apply_calls(mine[start : start + 10])
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work, args=(mine,)) for mine in (calls, calls[::-1], calls)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert errors == []
    assert Person.objects.of(workspace).exclude(external_id=None).count() == 20
    assert Person.objects.of(workspace).filter(external_id=None).count() == 0
    living = set(Person.objects.of(workspace).values_list("pk", flat=True))
    assert set(AnonymousId.objects.values_list("person_id", flat=True)) <= living
    assert Delivery.objects.count() == SendCount.objects.get().count


def test_outsiders_know_a_person_by_id_and_address_as_they_are_now(workspace: Workspace) -> None:
    ann = make_person(workspace, "ann", email="ann@example.org")
    before = Person.objects.create(workspace=workspace, merged_into=ann.pk)
    nobody = make_person(workspace, None, email=["no", "text"])
    stranger = make_person(make_workspace("Other"), "bob", email="bob@example.org")
    known = public.person_identifiers(workspace.pk, [ann.pk, before.pk, nobody.pk, stranger.pk, 10**9])
    as_ann = PersonIdentifiers(ann.pk, "ann", "ann@example.org")
    assert known == {ann.pk: as_ann, before.pk: as_ann, nobody.pk: PersonIdentifiers(nobody.pk)}


def test_very_many_browsers_make_nobodys_queue_slower(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(person_batch, "MOST_SELVES", 3)
    public.apply_calls([make_call(workspace, "identify", "ann")])
    for batch in (["b1", "b2"], ["b3", "b4"], ["b4", "b5"]):
        public.apply_calls([make_call(workspace, "track", None, browser, "Looked") for browser in batch])
        public.apply_calls([make_call(workspace, "identify", "ann", browser) for browser in batch])
    ann = Person.objects.get(external_id="ann")
    assert Person.objects.filter(merged_into=ann.pk).count() == 3
    assert Person.objects.filter(merged_into=None, external_id=None).count() == 2
    assert AnonymousId.objects.filter(person=ann).count() == 5


def test_whoever_is_identified_or_merged_is_told_to_look_at_the_queue(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    """What waited for the browser waits for the person now; the page has asked before the worker came so far."""
    told: list[str] = []
    monkeypatch.setattr(nudges, "send", lambda workspace_id, people: told.extend(people))
    make_person(workspace, "bob")
    with django_capture_on_commit_callbacks(execute=True):
        public.apply_calls(
            [make_call(workspace, "track", None, anonymous="a"), make_call(workspace, "track", None, anonymous="b")]
        )
    assert told == []
    with django_capture_on_commit_callbacks(execute=True):
        calls = [
            make_call(workspace, "identify", "ann", anonymous="a"),
            make_call(workspace, "identify", "bob", anonymous="b"),
        ]
        public.apply_calls(calls)
    assert told == ["ann", "bob"]
    with django_capture_on_commit_callbacks(execute=True):
        public.apply_calls(calls)
    assert told == ["ann", "bob"]
