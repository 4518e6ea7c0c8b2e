"""The names under which a snapshot's actions are reported: resolved, or as templates where they vary by person."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from messaging import content as contents
from messaging.actions import Action
from messaging.content import Content
from messaging.content.rendering import render, varies
from messaging.values import ActionRef


def actions(content: Content, properties: Mapping[str, Any]) -> list[ActionRef]:
    """Every action with its name resolved, or, where it varies from person to person, with its template filled in."""
    resolved = render(content, properties=properties, customer={}, lenient=True)
    groups = _groups(resolved)
    return [
        _ref(step, written, rendered, properties, groups.get(rendered.id, ("", "", "")))
        for (step, written), (_, rendered) in zip(
            contents.actions_of(content), contents.actions_of(resolved), strict=True
        )
    ]


def _ref(
    step: str, written: Action, rendered: Action, properties: Mapping[str, Any], group: tuple[str, str, str]
) -> ActionRef:
    personal = _varies(written, properties)
    return ActionRef(
        id=rendered.id,
        name=filled_in(written.name, properties) if personal else rendered.name,
        template=written.name,
        text=filled_in(written.text, properties) if personal else rendered.text,
        tracked=written.track,
        dismissal=written.dismissal,
        closes=written.closes,
        value=filled_in(written.value, properties) if personal else rendered.value,
        step=step,
        group=group[0],
        question=group[1],
        scale=group[2],
    )


def personal(content: Content, properties: Mapping[str, Any]) -> bool:
    """Whether some action's name, text or value varies from person to person; other texts may, for all that."""
    return any(_varies(action, properties) for _, action in contents.actions_of(content))


def _varies(action: Action, properties: Mapping[str, Any]) -> bool:
    shown = (action.text, action.name, action.value)
    used = {name: value for name, value in properties.items() if any(name in one for one in shown)}
    return varies(shown, used)


PROPERTY = re.compile(r"\$properties\.([A-Za-z_]\w*)|\{\{-?\s*\$?properties\.([A-Za-z_]\w*)\s*-?\}\}")


def filled_in(template: str, properties: Mapping[str, Any]) -> str:
    """The template with the values of plain properties in their places, and all else as it was."""
    return PROPERTY.sub(lambda found: str(properties.get(found[1] or found[2], "")), template)


def _groups(resolved: Content) -> dict[str, tuple[str, str, str]]:
    """For each action that answers a question: its block's id, the question's name, the scale."""
    return {
        action.id: (block.id, *question)
        for step in resolved.steps
        for block in step.blocks
        if (question := block.question(step.name)) is not None
        for action in block.answering()
    }
