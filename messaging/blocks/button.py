from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Literal

from msgspec.structs import replace

from messaging.actions import Action, Fill
from messaging.actions.remarks import Remark, action_errors
from messaging.blocks.base import Block


class Button(Block, frozen=True):
    """One action, under its text."""

    action: Action
    style: Literal["primary", "secondary", "link"] = "primary"

    def edited_actions(self) -> tuple[Action, ...]:
        return (self.action,)

    def sources(self) -> Iterator[tuple[str, bool]]:
        yield from ((source, False) for source in self.action.sources())

    def render(self, fill: Fill) -> Button:
        return replace(self, action=self.action.render(fill))

    def errors(self, steps: Collection[str]) -> Iterator[Remark]:
        yield from action_errors(self.action, steps)
