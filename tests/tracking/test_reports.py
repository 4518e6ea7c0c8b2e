"""Reports of what people did with a message: whose, of which action, and whether that counts."""

from __future__ import annotations

import json
from typing import Any

import pytest

from console.accounts.models import Workspace
from tests.people import make_workspace, survey
from tests.tracking.ingest import Caller, make_delivery, make_snapshot, report
from tracking.ingest.models import Event, EventKind
from tracking.rejections.models import Rejection

pytestmark = pytest.mark.django_db


def test_a_tap_is_kept_with_its_action(call: Caller, workspace: Workspace) -> None:
    token = make_delivery(make_snapshot(workspace))
    tap = report(token, actionName="Yes please", actionValue="x", value="ja")
    assert call.verdicts("track", tap) == ["accepted"]
    event = Event.objects.get()
    assert (event.kind, event.action_id, event.name, event.value) == (EventKind.CLICKED, "yes", "Yes please", "ja")
    assert (event.source_kind, event.source_id, event.test, event.payload) == (1, 1, False, None)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"actionName": "Read more"}, "untracked_action"),
        ({"actionId": "more"}, "untracked_action"),
        ({"actionName": "Nobody"}, "unknown_action"),
        ({"actionId": "nobody"}, "unknown_action"),
        ({"actionId": "yes", "actionName": "Read more"}, "name_mismatch"),
        ({"actionName": "Twice"}, "ambiguous_action"),
        ({}, "missing_field"),
        ({"metric": "converted"}, "unknown_metric"),
        ({"metric": None}, "missing_field"),
        ({"metric": "dismissed", "reason": "bored"}, "unknown_reason"),
        ({"deliveryId": "nonsense"}, "unknown_delivery"),
        ({"deliveryId": "\u00e9"}, "unknown_delivery"),
        ({"deliveryId": None}, "missing_field"),
        ({"deliveryId": {}}, "wrong_type"),
        ({"actionName": ["x"]}, "wrong_type"),
        ({"actionName": "x" * 1001}, "too_long"),
    ],
)
def test_a_false_report_is_refused_and_counted_nowhere(
    call: Caller, workspace: Workspace, said: dict[str, Any], code: str
) -> None:
    token = make_delivery(make_snapshot(workspace))
    assert call.verdicts("track", report(token) | {"properties": {**report(token)["properties"], **said}}) == [code]
    assert not Event.objects.exists()
    kept = Rejection.objects.values_list("code", flat=True)
    assert list(kept) == ([] if code == "untracked_action" else [code])  # nothing is to be mended in that one


def test_a_delivery_of_another_workspace_is_refused(call: Caller) -> None:
    token = make_delivery(make_snapshot(make_workspace("Other")))
    assert call.verdicts("track", report(token, actionName="Yes please")) == ["foreign_delivery"]
    assert not Event.objects.exists()


def test_a_test_delivery_is_marked(call: Caller, workspace: Workspace) -> None:
    token = make_delivery(make_snapshot(workspace), test=True)
    assert call.verdicts("track", report(token, "opened")) == ["accepted"]
    assert Event.objects.get().test


def test_a_personal_name_is_what_this_person_saw(call: Caller, workspace: Workspace) -> None:
    snapshot = make_snapshot(workspace, personal=True)
    seen = survey()
    seen["steps"][0]["blocks"][1]["action"] |= {"name": "Yes, Ada", "text": "Yes, Ada"}
    shown = make_delivery(snapshot, "ada", rendered=seen)
    unseen = make_delivery(snapshot, "bob")
    assert call.verdicts("track", report(shown, actionName="Yes, Ada")) == ["accepted"]
    assert call.verdicts("track", report(shown, actionName="Yes please")) == ["unknown_action"]
    assert call.verdicts("track", report(unseen, actionName="Yes, Ada")) == ["not_shown"]
    event = Event.objects.get()
    assert (event.name, event.personal) == ("Yes, Ada", True)


def test_what_a_report_says_besides_is_no_matter(call: Caller, workspace: Workspace) -> None:
    token = make_delivery(make_snapshot(workspace))
    odd = {"app": {"deep": json.loads("[" * 60 + "]" * 60)}, "build": 10**30}
    assert call.verdicts("track", report(token, actionName="Yes please", **odd)) == ["accepted"]
    assert Event.objects.get().payload is None


def test_a_number_stands_for_the_text_of_it(call: Caller, workspace: Workspace) -> None:
    token = make_delivery(make_snapshot(workspace))
    assert call.verdicts("track", report(token, actionName="Stars", actionValue=5, value=7)) == ["accepted"]
    event = Event.objects.get()
    assert (event.action_id, event.value) == ("five", "5")


def test_the_field_that_is_wrong_is_named(call: Caller, workspace: Workspace) -> None:
    token = make_delivery(make_snapshot(workspace))
    call("track", report(token, actionName=True))
    assert Rejection.objects.get().detail.startswith("properties.actionName: Expected")


@pytest.mark.parametrize(("value", "kept"), [("5", "five"), ("4", "four")])
def test_of_two_actions_of_one_name_the_one_with_the_value_said_is_meant(
    call: Caller, workspace: Workspace, value: str, kept: str
) -> None:
    delivery = make_delivery(make_snapshot(workspace))
    assert call.verdicts("track", report(delivery, actionName="Stars", actionValue=value)) == ["accepted"]
    assert Event.objects.get().action_id == kept


def test_of_two_actions_of_one_name_the_first_is_meant_where_no_value_tells(call: Caller, workspace: Workspace) -> None:
    delivery = make_delivery(make_snapshot(workspace))
    assert call.verdicts("track", report(delivery, actionName="Stars", actionValue="9")) == ["accepted"]
    assert Event.objects.get().action_id == "five"
