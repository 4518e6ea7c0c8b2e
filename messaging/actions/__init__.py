"""An action: what a tap on a button, an option of a question or the close button does, and how metrics name it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import msgspec
from msgspec.structs import replace

from messaging.actions.behaviours import TYPES, BehaviourKind, BehaviourType
from messaging.common.labels import one_line

CLOSE = "close"
"""The id of a message's close action."""
LONGEST_NAME = 200  # characters of a label or an action name


class Fill(Protocol):
    """Gives a template with its variables filled in."""

    def __call__(self, source: str, *, html: bool = False) -> str: ...


class Behaviour(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a tap does. `value`: the URL, the step's id, the custom action's name, the minutes to snooze."""

    kind: BehaviourKind = "dismiss"
    value: str = ""

    @property
    def type(self) -> BehaviourType:
        return TYPES[self.kind]


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
        return "" if self.dismissal else self.behaviour.type.closes

    def sources(self) -> Iterator[str]:
        """Its strings that may hold variables."""
        yield from (self.text, self.name, self.behaviour.value, self.value)

    def render(self, fill: Fill) -> Action:
        """With its variables filled in and its address made safe."""
        value = self.behaviour.type.safe(fill(self.behaviour.value).strip())
        return replace(
            self,
            text=label(fill(self.text)),
            name=label(fill(self.name)),
            value=label(fill(self.value)),
            behaviour=replace(self.behaviour, value=value),
        )


def label(filled: str) -> str:
    """Plain text on one line; texts and names alike, so that equal templates stay equal."""
    return one_line(filled)[:LONGEST_NAME]
