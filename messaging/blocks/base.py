"""What every kind of block answers. As it stands here, a block has no action, no text and nothing wrong with it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple, Self

import msgspec

from messaging.actions import Action, Fill
from messaging.actions.remarks import Remark


class Question(NamedTuple):
    """What the actions of a block answer together: its name in the metrics, and the scale that they are points of."""

    name: str
    scale: str


class Block(msgspec.Struct, frozen=True, tag_field="kind", tag=str.lower):
    """One piece of a step. Its `kind` in JSON is the name of its class in lower case."""

    id: str

    def edited_actions(self) -> tuple[Action, ...]:
        """Its actions as an author edits them."""
        return ()

    def actions(self) -> tuple[Action, ...]:
        """Its actions as people tap them."""
        return self.edited_actions()

    def answering(self) -> tuple[Action, ...]:
        """Of its actions, those that answer its question."""
        return self.actions()

    def question(self, step: str) -> Question | None:
        """The question that its actions answer, in a step of this name; None when they stand for themselves."""
        return None

    def answers(self) -> tuple[tuple[str, str], ...]:
        """What can be answered to it: a key that stays when texts are edited, and words. Branches ask for keys."""
        return ()

    def ids(self, place: str) -> Iterator[tuple[str, str]]:
        """Every id in it, with words for what has it; `place` are the words for the block."""
        yield self.id, place
        for action in self.edited_actions():
            yield action.id, f"The action of {place[0].lower()}{place[1:]}"

    def sources(self) -> Iterator[tuple[str, bool]]:
        """Each of its strings that may hold variables, and whether it is HTML, in reading order."""
        yield from ()

    def clean(self) -> Self:
        """Safe to keep as a draft. Raises BadContent."""
        return self

    def render(self, fill: Fill) -> Self:
        """As one person sees it: `fill` gives the value of each of its `sources`."""
        return self

    def errors(self, steps: Collection[str]) -> Iterator[Remark]:
        """What keeps a message with these steps from being published."""
        yield from ()

    def warnings(self) -> Iterator[Remark]:
        """What may be meant otherwise, apart from its actions."""
        yield from ()
