"""What is wrong with a message (`errors`: it cannot be published) and what may be meant otherwise (`warnings`)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from messaging import liquid
from messaging.actions import CLOSE, Action
from messaging.actions.remarks import FALLBACK, Remark, action_errors, may_be_blank
from messaging.common import safety
from messaging.common.labels import has_invisible, one_line
from messaging.content import Content, branching, edited_actions
from messaging.content.rendering import templates
from messaging.errors import BadTemplate

LONGEST = {"steps": 20, "blocks": 40, "text": safety.LONGEST_HTML}
UNHELPFUL = {
    "button",
    "click",
    "click here",
    "here",
    "untitled",
    "action",
    "submit",
    "ok",
    "link",
    "option",
    "new button",
}
COLOUR = re.compile(r"#[0-9A-Fa-f]{6}(?:[0-9A-Fa-f]{2})?")


def errors(content: Content) -> list[Remark]:
    """Everything that keeps the message from being published; each says what to do."""
    if long := [source for source in templates(content) if len(source) > LONGEST["text"]]:
        told = f"A text has at most {LONGEST['text']:,} characters, formatting included: shorten it."
        return [Remark(_owner(content, source), "text", told) for source in long]
    return [*_of_message(content), *_of_blocks(content), *branching.errors(content)]


def warnings(content: Content) -> list[Remark]:
    """What metrics readers may stumble over. Nothing is said of a message that does too much: see `errors`."""
    try:
        liquid.faults(templates(content))
    except BadTemplate:
        return []
    named = [action for action in edited_actions(content) if action.track]
    often = Counter(_plain(action.name) for action in named if action.name.strip())
    remarks = [remark for action in named for remark in _of_name(action, often[_plain(action.name)])]
    return [*remarks, *_same_outcome(named), *_without_fallback(content), *branching.warnings(content)]


def _of_message(content: Content) -> Iterator[Remark]:
    if not content.steps:
        yield Remark("", "steps", "The message has no step: add one.")
    if not any(step.blocks for step in content.steps):
        yield Remark("", "blocks", "The message is empty: add a text, a button or a question.")
    if len(content.steps) > LONGEST["steps"]:
        yield Remark("", "steps", f"A message has at most {LONGEST['steps']} steps: remove some.")
    yield from _of_ids(content)
    if content.display.type == "inline" and not content.display.selector.strip():
        yield Remark("", "selector", "An inline message needs the CSS selector of the place it is shown in.")
    if not 200 <= content.display.width <= 1200:
        yield Remark("", "width", "The width is 200 to 1200 pixels.")
    if not COLOUR.fullmatch(content.display.overlay):
        yield Remark("", "overlay", "The colour over the page is written #RRGGBB or #RRGGBBAA.")
    if not COLOUR.fullmatch(content.accent):
        yield Remark("", "accent", "The accent colour is written #RRGGBB.")
    try:
        for source, what in liquid.faults(templates(content)).items():
            yield Remark(_owner(content, source), "liquid", what)
    except BadTemplate as error:
        yield Remark("", "liquid", str(error))
    if content.close.id != CLOSE:
        yield Remark(
            content.close.id, "id", f"The id of the close action is “{CLOSE}”: it tells dismissals from answers."
        )
    yield from action_errors(content.close, [step.id for step in content.steps], label=False)


def _of_ids(content: Content) -> Iterator[Remark]:
    places = list(_places(content))
    for found, times in Counter(found for found, _ in places).items():
        if found and times > 1:
            yield Remark(found, "id", "Two parts share one id: delete one of them and add it anew.")
    for found, place in places:
        if not found:
            yield Remark("", "id", f"{place} has no id: delete it and add it anew.")


def _places(content: Content) -> Iterator[tuple[str, str]]:
    """Every id, and in words what bears it."""
    for number, step in enumerate(content.steps, 1):
        yield step.id, f"Step {number}"
        for at, block in enumerate(step.blocks, 1):
            yield from block.ids(f"Step {number}, part {at}")
    yield content.close.id, "The close button"


def _of_blocks(content: Content) -> Iterator[Remark]:
    steps = {step.id for step in content.steps}
    for step in content.steps:
        if len(step.blocks) > LONGEST["blocks"]:
            yield Remark(step.id, "blocks", f"A step has at most {LONGEST['blocks']} blocks: remove some.")
        for block in step.blocks:
            yield from block.errors(steps)


def _of_name(action: Action, times: int) -> Iterator[Remark]:
    name = _plain(action.name)
    if times > 1:
        yield Remark(action.id, "name", "Another action has this name too; metrics will tell them apart by place only.")
    if has_invisible(action.name):
        yield Remark(
            action.id, "name", "The name holds characters that nobody sees: they are left out when it is sent."
        )
    if name in UNHELPFUL:
        yield Remark(action.id, "name", f"“{action.name}” will not say much in the metrics: name what it stands for.")
    try:
        used = liquid.paths(action.name)
    except BadTemplate:
        return
    if any(path[0] != "properties" for path in used):
        yield Remark(action.id, "name", "The name varies from person to person: metrics group it under its template.")
    if any(path[0] != "properties" for path in used) and "default" not in action.name:
        yield Remark(
            action.id, "name", "Give the variable a fallback, for example {{ customer.plan | default: 'free' }}."
        )


def _same_outcome(named: list[Action]) -> Iterator[Remark]:
    """Names that are written differently and come out the same for people of whom nothing is known."""
    written = {action.id: _plain(action.name) for action in named if action.name.strip()}
    unknown = liquid.fill_all([(action.name, False) for action in named], {}, lenient=True)
    outcome = {action.id: _plain(unknown[action.name, False]) for action in named if action.name.strip()}
    for action in named:
        mine = outcome.get(action.id)
        if mine and any(mine == outcome[one] and written[action.id] != written[one] for one in outcome):
            text = "Another action's name can come out the same as this; metrics will tell them apart by place only."
            yield Remark(action.id, "name", text)


def _without_fallback(content: Content) -> Iterator[Remark]:
    for step in content.steps:
        for block in step.blocks:
            yield from block.warnings()
    for action in edited_actions(content):
        if may_be_blank(action.text):
            yield Remark(action.id, "text", FALLBACK)


def _plain(name: str) -> str:
    return one_line(name).lower()


def _owner(content: Content, source: str) -> str:
    """The id of the first part that holds this template."""
    for action in edited_actions(content):
        if source in action.sources():
            return action.id
    for step in content.steps:
        for block in step.blocks:
            if source in (mine for mine, _ in block.sources()):
                return block.id
    return ""
