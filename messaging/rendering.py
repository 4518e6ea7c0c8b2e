"""One rendering gives texts and names alike, so that a button's text *is* the tracked value."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from messaging import liquid, safety
from messaging.content import (
    Action,
    Block,
    Button,
    Choice,
    Content,
    Image,
    Rating,
    Step,
    Text,
    options_of,
)
from messaging.labels import one_line

LONGEST_NAME = 200  # characters of a label or an action name
Fill = Callable[..., str]


def properties_of(content: Content) -> list[str]:
    """The properties that the message exposes, in the order of their first use. Raises BadTemplate."""
    found = (path[1] for paths in liquid.paths_of(templates(content)) for path in paths if _is_property(path))
    return list(dict.fromkeys(found))


def is_personal(content: Content, properties: Mapping[str, Any]) -> bool:
    """Whether anything but plain properties decides what one person is shown. Raises BadTemplate."""
    if any(path[0] != "properties" for paths in liquid.paths_of(templates(content)) for path in paths):
        return True
    return any(liquid.paths_of(value for value in properties.values() if isinstance(value, str)))


def render(
    content: Content,
    *,
    properties: Mapping[str, Any],
    customer: Mapping[str, Any],
    event: Mapping[str, Any] | None = None,
    trigger: Mapping[str, Any] | None = None,
    lenient: bool = False,
) -> Content:
    """The content for one person: variables filled in, ratings opened out, HTML and URLs made safe.

    Values of properties may hold Liquid over the other data and are filled in first. With `lenient`, what cannot be
    rendered stays as its template (for previews); otherwise BadTemplate is raised.
    """
    data = {"customer": customer, "event": event or {}, "trigger": trigger or {}}
    filled = liquid.fill_all(_sources(content), data, properties=properties, lenient=lenient)

    def fill(source: str, *, html: bool = False) -> str:
        return filled[source, html]

    return replace(
        content,
        steps=tuple(_step(step, fill) for step in content.steps),
        close=_action(content.close, fill),
    )


def templates(content: Content) -> Iterator[str]:
    """Every string of the message that may hold variables, in reading order."""
    return (source for source, _ in _sources(content))


def _sources(content: Content) -> Iterator[tuple[str, bool]]:
    """Each with whether it is HTML."""
    for step in content.steps:
        for block in step.blocks:
            if isinstance(block, Text):
                yield block.html, True
            else:
                yield from ((source, False) for source in _plain(block))
    yield from ((source, False) for source in _of_action(content.close))


def _plain(block: Block) -> Iterator[str]:
    if isinstance(block, Image):
        yield from (block.url, block.alt)
    elif isinstance(block, Button):
        yield from _of_action(block.action)
    elif isinstance(block, Rating):
        yield from (*_of_action(block.action), block.low, block.high)
    elif isinstance(block, Choice):
        for option in block.options:
            yield from _of_action(option)


def _of_action(action: Action) -> Iterator[str]:
    yield from (action.text, action.name, action.behaviour.value, action.value)


def _is_property(path: tuple[str, ...]) -> bool:
    return path[0] == "properties" and len(path) > 1


def _step(step: Step, fill: Fill) -> Step:
    return replace(step, blocks=tuple(_block(block, fill) for block in step.blocks))


def _block(block: Block, fill: Fill) -> Block:
    if isinstance(block, Text):
        return replace(block, html=safety.html(fill(block.html, html=True)))
    if isinstance(block, Image):
        return replace(block, url=safety.image(fill(block.url)), alt=_label(fill(block.alt)))
    if isinstance(block, Button):
        return replace(block, action=_action(block.action, fill))
    if isinstance(block, Choice):
        return replace(block, options=tuple(_action(option, fill) for option in block.options))
    rating = replace(block, action=_action(block.action, fill))
    return replace(rating, options=options_of(rating), low=_label(fill(block.low)), high=_label(fill(block.high)))


def _action(action: Action, fill: Fill) -> Action:
    kind, value = action.behaviour.kind, fill(action.behaviour.value).strip()
    if kind == "url":
        value = safety.url(value)
    elif kind == "deeplink":
        value = safety.deep_link(value)
    return replace(
        action,
        text=_label(fill(action.text)),
        name=_label(fill(action.name)),
        value=_label(fill(action.value)),
        behaviour=replace(action.behaviour, value=value),
    )


def _label(filled: str) -> str:
    """Plain text on one line; texts and names alike, so that equal templates stay equal."""
    return one_line(filled)[:LONGEST_NAME]
