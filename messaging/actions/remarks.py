"""What a review says of one part of a message, and the remarks that several kinds of part have in common."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from messaging import liquid
from messaging.actions import Action
from messaging.errors import BadTemplate

FALLBACK = "People of whom this is unknown see a gap: give the variable a fallback, such as | default: 'there'."
VARIABLE = re.compile(r"\{[{%]|\$properties\.")


@dataclass(frozen=True, slots=True)
class Remark:
    """`where` is the id of a step, block or action, or "" for the message; `field` is the input it belongs to."""

    where: str
    field: str
    text: str


def action_errors(action: Action, steps: Collection[str], *, label: bool = True) -> Iterator[Remark]:
    """What is wrong with an action of a message with these steps; `label` says that people see its text."""
    behaviour, value = action.behaviour.type, action.behaviour.value
    if label and not action.text.strip():
        yield Remark(action.id, "text", "The text is empty: people could not see what they tap.")
    if action.track and not action.name.strip():
        yield Remark(action.id, "name", "The Action Name is empty: give it one, or switch Track clicks off.")
    if behaviour.goes_to_step and value not in steps:
        yield Remark(action.id, "value", "The step it goes to does not exist: choose another.")
    if not VARIABLE.search(value) and (wrong := behaviour.wrong(value)):
        yield Remark(action.id, "value", wrong)


def may_be_blank(source: str) -> bool:
    """Whether it shows something of a person or event, without a word for when that is unknown."""
    shown = (one.partition("}}")[0] for one in source.split("{{")[1:])
    bare = [f"{{{{{one}}}}}" for one in shown if "default" not in one]
    try:
        return any(path[0] != "properties" for paths in liquid.paths_of(bare) for path in paths)
    except BadTemplate:
        return False
