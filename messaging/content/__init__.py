"""What a message is made of: the one reader of `Message.draft`, `MessageVersion.content` and `Delivery.rendered`.

Kinds of blocks are modules of `messaging.blocks`. Texts, names, URLs and values may hold variables;
`messaging.content.rendering` resolves them. Ids of steps, blocks and actions are made by the editor, are stable over
edits, and are unique within a message.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import msgspec

from messaging.actions import CLOSE, Action
from messaging.blocks import AnyBlock
from messaging.content.branching import Branch
from messaging.errors import BadContent


class Step(msgspec.Struct, frozen=True):
    id: str
    name: str = ""
    blocks: tuple[AnyBlock, ...] = ()
    branches: tuple[Branch, ...] = ()


class Display(msgspec.Struct, frozen=True):
    """How the host shows it. `selector` is of inline messages; `width` is in CSS pixels."""

    type: Literal["modal", "banner", "inline"] = "modal"
    position: Literal["top", "center", "bottom"] = "center"
    selector: str = ""
    width: int = 414
    overlay: str = "#00000066"
    outside_dismisses: bool = True


class Content(msgspec.Struct, frozen=True):
    steps: tuple[Step, ...]
    close: Action = Action(id=CLOSE, text="Close", name="Dismissed")
    close_button: bool = True
    display: Display = Display()
    accent: str = "#206bc4"


def read(raw: Any) -> Content:
    """Content from JSON; raises BadContent naming the place."""
    try:
        return msgspec.convert(raw, Content)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at `$")
        raise BadContent(
            [(where.rstrip("`").replace("[", "/").replace("]", "").replace(".", "/") or "/", what)]
        ) from error


def write(content: Content) -> Any:
    """JSON of content, as it comes back from the database."""
    return msgspec.json.decode(msgspec.json.encode(content))


def edited_actions(content: Content) -> Iterator[Action]:
    """The actions as an author edits them (a rating is one); the close action last."""
    for step in content.steps:
        for block in step.blocks:
            yield from block.edited_actions()
    yield content.close


def actions_of(content: Content) -> Iterator[tuple[str, Action]]:
    """Every action that people can tap with its step's id, in the order of the message; the close action last."""
    for step in content.steps:
        for block in step.blocks:
            yield from ((step.id, action) for action in block.actions())
    yield "", content.close
