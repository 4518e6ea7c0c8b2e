"""One rendering gives texts and names alike, so that a button's text *is* the tracked value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from messaging import liquid
from messaging.actions import Fill
from messaging.content import Content, Step


def properties_of(content: Content) -> list[str]:
    """The properties that the message exposes, in the order of their first use. Raises BadTemplate."""
    found = (path[1] for paths in liquid.paths_of(templates(content)) for path in paths if _is_property(path))
    return list(dict.fromkeys(found))


def is_personal(content: Content, properties: Mapping[str, Any]) -> bool:
    """Whether anything but plain properties decides what one person is shown. Raises BadTemplate."""
    return varies(templates(content), properties)


def varies(sources: Iterable[str], properties: Mapping[str, Any]) -> bool:
    """Whether templates with these properties come out differently from person to person. Raises BadTemplate."""
    if any(path[0] != "properties" for paths in liquid.paths_of(sources) for path in paths):
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
        steps=tuple(_filled(step, fill) for step in content.steps),
        close=content.close.render(fill),
    )


def templates(content: Content) -> Iterator[str]:
    """Every string of the message that may hold variables, in reading order."""
    return (source for source, _ in _sources(content))


def _sources(content: Content) -> Iterator[tuple[str, bool]]:
    """Each with whether it is HTML."""
    for step in content.steps:
        for block in step.blocks:
            yield from block.sources()
    yield from ((source, False) for source in content.close.sources())


def _is_property(path: tuple[str, ...]) -> bool:
    return path[0] == "properties" and len(path) > 1


def _filled(step: Step, fill: Fill) -> Step:
    return replace(step, blocks=tuple(block.render(fill) for block in step.blocks))
