"""What a tap can do: the register in Python, its twin in JavaScript, and what the SDK keeps on the screen."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any, get_args

import pytest

from messaging.actions import Action, Behaviour
from messaging.actions.behaviours import LONGEST_SNOOZE, TYPES, BehaviourKind
from messaging.actions.remarks import action_errors

ROOT = Path(__file__).parents[2]
TWIN = """
import { BEHAVIOURS } from "./static/renderer/behaviours.js";
const facts = ([kind, { stays = false, goesToStep = false }]) => [kind, { stays, goesToStep }];
console.log(JSON.stringify(Object.fromEntries(Object.entries(BEHAVIOURS).map(facts))));
"""


def twin() -> dict[str, Any]:
    run = ["node", "--input-type=module", "--eval", TWIN]
    return dict(json.loads(subprocess.run(run, cwd=ROOT, check=True, capture_output=True, text=True).stdout))


def test_python_and_javascript_know_the_same_kinds() -> None:
    found = twin()
    assert found.keys() == TYPES.keys() == set(get_args(BehaviourKind))
    assert {kind for kind, one in found.items() if one["goesToStep"]} == {
        kind for kind, one in TYPES.items() if one.goes_to_step
    }
    assert {kind for kind, one in found.items() if one["stays"]} == {
        kind for kind, one in TYPES.items() if not one.ends
    }


def test_the_sdk_keeps_a_message_for_those_after_which_it_stays() -> None:
    script = (ROOT / "static/sdk/src/showing.js").read_text()
    [kinds] = re.findall(r"const STAYS = (\[.*?\]);", script)
    assert set(json.loads(kinds)) == {kind for kind, one in twin().items() if one["stays"]}


@pytest.mark.parametrize(
    ("kind", "value", "wrong"),
    [
        ("snooze", "1", False),
        ("snooze", str(LONGEST_SNOOZE), False),
        ("snooze", "0", True),
        ("snooze", str(LONGEST_SNOOZE + 1), True),
        ("snooze", "", True),
        ("snooze", "1.5", True),
        ("url", "https://a.example/", False),
        ("url", "javascript:alert(1)", True),
        ("deeplink", "myapp://here", False),
        ("deeplink", "here", True),
        ("custom", "share", False),
        ("custom", " ", True),
        ("step", "s1", False),
        ("step", "s9", True),
        ("dismiss", "", False),
        ("submit", "", False),
        ("url", "{{ customer.address }}", False),
    ],
)
def test_a_value_is_judged_by_its_kind(kind: BehaviourKind, value: str, wrong: bool) -> None:
    action = Action(id="a", text="Go", name="Go", behaviour=Behaviour(kind, value))
    assert [remark.field for remark in action_errors(action, {"s1"})] == ["value"] * wrong


@pytest.mark.parametrize(("kind", "closes"), [("dismiss", "action"), ("snooze", "snooze"), ("url", ""), ("step", "")])
def test_a_delivery_is_over_after_what_closes_it(kind: BehaviourKind, closes: str) -> None:
    assert Action(id="a", behaviour=Behaviour(kind)).closes == closes
    assert Action(id="close", behaviour=Behaviour(kind)).closes == ""
