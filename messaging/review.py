"""What is wrong with a message (`errors`: it cannot be published) and what may be meant otherwise (`warnings`)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from messaging import liquid, safety
from messaging.content import CLOSE, Action, Button, Choice, Content, Image, Rating, Step, Text
from messaging.errors import BadTemplate
from messaging.labels import has_invisible, one_line
from messaging.rendering import templates

LONGEST = {"steps": 20, "blocks": 40, "options": 20, "text": safety.LONGEST_HTML}
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
FALLBACK = "People of whom this is unknown see a gap: give the variable a fallback, such as | default: 'there'."
VARIABLE = re.compile(r"\{[{%]|\$properties\.")


@dataclass(frozen=True, slots=True)
class Remark:
    """`where` is the id of a step, block or action, or "" for the message; `field` is the input it belongs to."""

    where: str
    field: str
    text: str


def errors(content: Content) -> list[Remark]:
    """Everything that keeps the message from being published; each says what to do."""
    if long := [source for source in templates(content) if len(source) > LONGEST["text"]]:
        told = f"A text has at most {LONGEST['text']:,} characters, formatting included: shorten it."
        return [Remark(_owner(content, source), "text", told) for source in long]
    return [*_of_message(content), *(remark for step in content.steps for remark in _of_step(step, content))]


def warnings(content: Content) -> list[Remark]:
    """What metrics readers may stumble over. Nothing is said of a message that does too much: see `errors`."""
    try:
        liquid.faults(templates(content))
    except BadTemplate:
        return []
    named = [action for action in edited_actions(content) if action.track]
    often = Counter(_plain(action.name) for action in named if action.name.strip())
    remarks = [remark for action in named for remark in _of_name(action, often[_plain(action.name)])]
    return [*remarks, *_same_outcome(named), *_without_fallback(content)]


def edited_actions(content: Content) -> Iterator[Action]:
    """The actions as they are edited: a rating is one."""
    for step in content.steps:
        for block in step.blocks:
            if isinstance(block, (Button, Rating)):
                yield block.action
            elif isinstance(block, Choice):
                yield from block.options
    yield content.close


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
    yield from _of_action(content.close, content, button=False)


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
            place = f"Step {number}, part {at}"
            yield block.id, place
            if isinstance(block, (Button, Rating)):
                yield block.action.id, f"The action of {place[0].lower()}{place[1:]}"
            elif isinstance(block, Choice):
                yield from ((one.id, f"{place}, option {n}") for n, one in enumerate(block.options, 1))
    yield content.close.id, "The close button"


def _of_step(step: Step, content: Content) -> Iterator[Remark]:
    if len(step.blocks) > LONGEST["blocks"]:
        yield Remark(step.id, "blocks", f"A step has at most {LONGEST['blocks']} blocks: remove some.")
    for block in step.blocks:
        if isinstance(block, Text) and not safety.words(block.html):
            yield Remark(block.id, "html", "The text is empty: write something or delete it.")
        elif isinstance(block, Image) and not VARIABLE.search(block.url) and not safety.image(block.url):
            yield Remark(block.id, "url", "The image needs an address that starts with https://.")
        elif isinstance(block, Button):
            yield from _of_action(block.action, content)
        elif isinstance(block, Rating):
            yield from _of_action(block.action, content, button=False)
        elif isinstance(block, Choice):
            if not 1 <= len(block.options) <= LONGEST["options"]:
                yield Remark(block.id, "options", f"A choice has 1 to {LONGEST['options']} options.")
            for option in block.options:
                yield from _of_action(option, content)


def _of_action(action: Action, content: Content, *, button: bool = True) -> Iterator[Remark]:
    kind, value = action.behaviour.kind, action.behaviour.value
    if button and not action.text.strip():
        yield Remark(action.id, "text", "The text is empty: people could not see what they tap.")
    if action.track and not action.name.strip():
        yield Remark(action.id, "name", "The Action Name is empty: give it one, or switch Track clicks off.")
    if kind == "step" and value not in {step.id for step in content.steps}:
        yield Remark(action.id, "value", "The step it goes to does not exist: choose another.")
    if VARIABLE.search(value):
        return
    if kind == "url" and not safety.url(value):
        yield Remark(action.id, "value", "The URL must start with https://, http://, mailto:, tel: or /.")
    if kind == "deeplink" and not safety.deep_link(value):
        yield Remark(action.id, "value", "The deep link must look like myapp://path.")
    if kind in ("custom", "message") and not value.strip():
        yield Remark(action.id, "value", "Name the custom action that your app listens for.")
    if kind == "snooze" and not (value.isdecimal() and len(value) < 6 and 1 <= int(value) <= 43_200):
        yield Remark(action.id, "value", "Snooze for 1 to 43200 minutes.")


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
            if isinstance(block, Text) and _may_be_blank(block.html):
                yield Remark(block.id, "html", FALLBACK)
    for action in edited_actions(content):
        if _may_be_blank(action.text):
            yield Remark(action.id, "text", FALLBACK)


def _may_be_blank(source: str) -> bool:
    """Whether it shows something of a person or event, without a word for when that is unknown."""
    shown = (one.partition("}}")[0] for one in source.split("{{")[1:])
    bare = [f"{{{{{one}}}}}" for one in shown if "default" not in one]
    try:
        return any(path[0] != "properties" for paths in liquid.paths_of(bare) for path in paths)
    except BadTemplate:
        return False


def _plain(name: str) -> str:
    return one_line(name).lower()


def _owner(content: Content, source: str) -> str:
    """The id of the first part that holds this template."""
    for action in edited_actions(content):
        if source in (action.text, action.name, action.behaviour.value, action.value):
            return action.id
    for step in content.steps:
        for block in step.blocks:
            if source in [getattr(block, name, None) for name in ("html", "url", "alt", "low", "high")]:
                return block.id
    return ""
