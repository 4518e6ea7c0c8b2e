from __future__ import annotations

import random
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections

from console.accounts.models import Workspace
from messaging import public
from messaging.common.source_kinds import SourceKind
from messaging.deliveries.models import Delivery, DeliveryState
from messaging.values import Outcome
from tests.messaging.factories import ago, make_delivery, make_snapshot, outcome
from tests.people import make_person, make_workspace

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace() -> Workspace:
    return make_workspace()


@pytest.fixture
def delivery(workspace: Workspace) -> Delivery:
    return make_delivery(make_person(workspace), make_snapshot(workspace, SourceKind.BROADCAST, 1))


def again(delivery: Delivery) -> Delivery:
    return Delivery.objects.get(workspace_id=delivery.workspace_id, person_id=delivery.person_id, pk=delivery.pk)


def test_an_opening_is_written_down(delivery: Delivery) -> None:
    at = ago(5)
    assert public.settle([outcome(delivery, opened_at=at)]) == 1
    assert (again(delivery).state, again(delivery).opened_at) == (DeliveryState.OPENED, at)


def test_settling_twice_changes_nothing_the_second_time(delivery: Delivery) -> None:
    told = [outcome(delivery, clicked_at=ago(5))]
    assert public.settle(told) == 1
    assert public.settle(told) == 0


def test_a_click_proves_the_opening(delivery: Delivery) -> None:
    at = ago(5)
    public.settle([outcome(delivery, clicked_at=at)])
    assert (again(delivery).opened_at, again(delivery).clicked_at, again(delivery).state) == (at, at, 3)


def test_the_earliest_times_win_whatever_the_order(delivery: Delivery) -> None:
    early, late = ago(9), ago(3)
    public.settle([outcome(delivery, opened_at=late, dismissed_at=late, reason="esc")])
    public.settle([outcome(delivery, opened_at=early), outcome(delivery, dismissed_at=late, reason="close")])
    assert (again(delivery).opened_at, again(delivery).dismiss_reason) == (early, "esc")
    public.settle([outcome(delivery, dismissed_at=late - timedelta(seconds=1), reason="close")])
    assert again(delivery).dismiss_reason == "close"


def test_a_late_opening_does_not_move_the_state_back(delivery: Delivery) -> None:
    public.settle([outcome(delivery, dismissed_at=ago(5), reason="close")])
    public.settle([outcome(delivery, opened_at=ago(9))])
    assert again(delivery).state == DeliveryState.DISMISSED


def test_an_expired_delivery_that_was_seen_after_all_keeps_its_state_and_the_time(delivery: Delivery) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(state=DeliveryState.EXPIRED)
    public.settle([outcome(delivery, opened_at=ago(9))])
    assert (again(delivery).state, again(delivery).opened_at is not None) == (DeliveryState.EXPIRED, True)


def test_outcomes_of_one_delivery_in_one_call_are_taken_together(delivery: Delivery) -> None:
    first, second, third = ago(9), ago(8), ago(7)
    told = [
        outcome(delivery, dismissed_at=third, reason="esc"),
        outcome(delivery, clicked_at=second),
        outcome(delivery, opened_at=first),
    ]
    assert public.settle(told) == 1
    found = again(delivery)
    assert (found.opened_at, found.clicked_at, found.dismissed_at) == (first, second, third)


def test_an_unknown_delivery_is_passed_over(delivery: Delivery) -> None:
    assert public.settle([Outcome(delivery.workspace_id, delivery.person_id + 1, delivery.pk, ago(1))]) == 0
    assert public.settle([]) == 0
    assert again(delivery).state == DeliveryState.QUEUED


def test_what_a_person_saw_is_told_by_delivery(workspace: Workspace, delivery: Delivery) -> None:
    ref = public.DeliveryRef(workspace.pk, delivery.snapshot_id, delivery.person_id, delivery.pk, False)
    assert public.rendered_actions([ref]) == {}
    seen = {
        "steps": [
            {
                "id": "s1",
                "blocks": [{"kind": "button", "id": "b1", "action": {"id": "yes", "text": "Hi Ann", "name": "Hi Ann"}}],
            }
        ]
    }
    Delivery.objects.filter(pk=delivery.pk).update(rendered=seen)
    names = {action.id: (action.name, action.template) for action in public.rendered_actions([ref])[delivery.pk]}
    assert names["yes"] == ("Hi Ann", "$properties.button_text")


@pytest.mark.django_db(transaction=True)
def test_many_workers_settle_the_same_deliveries_without_waiting_in_a_ring() -> None:
    workspace = make_workspace()
    snapshot = make_snapshot(workspace, SourceKind.BROADCAST, 1)
    made = [make_delivery(make_person(workspace, f"p{n}"), snapshot) for n in range(60)]
    errors: list[BaseException] = []

    def work(seed: int) -> None:
        shuffled = random.Random(seed).sample(made, len(made))
        try:
            for minutes in range(5):
                told: list[Any] = [outcome(one, opened_at=ago(minutes), clicked_at=ago(seed)) for one in shuffled]
                public.settle(told)
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert errors == []
    assert Delivery.objects.filter(state=DeliveryState.CLICKED, clicked_at__lte=ago(2)).count() == 60
