"""What a message is made of: the one reader of `Message.draft`, `MessageVersion.content` and `Delivery.rendered`.

Texts, names, URLs and values may hold variables; `messaging.rendering` resolves them. Ids of steps, blocks and
actions are made by the editor, are stable over edits, and are unique within a message.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import msgspec

from messaging.errors import BadContent

CLOSE = "close"
"""The id of a message's close action."""
BehaviourKind = Literal["dismiss", "url", "deeplink", "step", "custom", "message", "snooze", "submit"]


class Behaviour(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a tap does. `value`: the URL, the step's id, the custom action's name, the minutes to snooze."""

    kind: BehaviourKind = "dismiss"
    value: str = ""


class Action(msgspec.Struct, frozen=True):
    """A tappable thing. `name` is what metrics show; `follows` says that the editor keeps it equal to `text`."""

    id: str
    text: str = ""
    name: str = ""
    track: bool = True
    behaviour: Behaviour = Behaviour()
    follows: bool = True
    value: str = ""  # the answer a rating's or choice's option stands for

    @property
    def dismissal(self) -> bool:
        """Whether it closes the message without an answer: the close button, the backdrop, Esc and a swipe do."""
        return self.id == CLOSE

    @property
    def closes(self) -> str:
        """Why a delivery is over after a tap on a named action; "" when it is not."""
        return "" if self.dismissal else {"dismiss": "action", "snooze": "snooze"}.get(self.behaviour.kind, "")


class Text(msgspec.Struct, frozen=True, tag_field="kind", tag="text"):
    id: str
    html: str = ""


class Image(msgspec.Struct, frozen=True, tag_field="kind", tag="image"):
    id: str
    url: str = ""
    alt: str = ""


class Button(msgspec.Struct, frozen=True, tag_field="kind", tag="button"):
    id: str
    action: Action
    style: Literal["primary", "secondary", "link"] = "primary"


class Rating(msgspec.Struct, frozen=True, tag_field="kind", tag="rating"):
    """Stars (1-5), emoji (1-5) or NPS (0-10). One action is edited; each point of the scale is one when sent."""

    id: str
    action: Action
    scale: Literal["stars", "emoji", "nps"] = "stars"
    low: str = ""
    high: str = ""
    options: tuple[Action, ...] = ()  # filled in by rendering


class Choice(msgspec.Struct, frozen=True, tag_field="kind", tag="choice"):
    id: str
    options: tuple[Action, ...] = ()


Block = Text | Image | Button | Rating | Choice


class Step(msgspec.Struct, frozen=True):
    id: str
    name: str = ""
    blocks: tuple[Block, ...] = ()


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


def scale_points(scale: str) -> range:
    return range(11) if scale == "nps" else range(1, 6)


def options_of(rating: Rating) -> tuple[Action, ...]:
    """One action for each point of the scale: id `<id>.<n>`, name `<name> <n>`, value `<n>`."""
    base = rating.action
    return tuple(
        msgspec.structs.replace(base, id=f"{base.id}.{n}", text=str(n), name=f"{base.name} {n}".strip(), value=str(n))
        for n in scale_points(rating.scale)
    )


def actions_of(content: Content) -> Iterator[tuple[str, Action]]:
    """Every action with its step's id, in the order of the message; the close action last, under ''."""
    for step in content.steps:
        for block in step.blocks:
            if isinstance(block, Button):
                yield step.id, block.action
            elif isinstance(block, Rating):
                yield from ((step.id, option) for option in block.options or options_of(block))
            elif isinstance(block, Choice):
                yield from ((step.id, option) for option in block.options)
    yield "", content.close
