from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Literal

from msgspec.structs import replace

from messaging.actions import Action, Fill, label
from messaging.actions.remarks import Remark, action_errors
from messaging.blocks.base import Block, Question

POINTS = {
    "stars": range(1, 6),
    "emoji": range(1, 6),
    "nps": range(11),
    "csat": range(1, 6),
    "ces": range(1, 8),
    "thumbs": range(2),
}


class Rating(Block, frozen=True):
    """A scale, as stars, faces, numbers or thumbs. One action is edited; each point of the scale is one when sent."""

    action: Action
    scale: Literal["stars", "emoji", "nps", "csat", "ces", "thumbs"] = "stars"
    low: str = ""
    high: str = ""
    options: tuple[Action, ...] = ()  # filled in by rendering

    def edited_actions(self) -> tuple[Action, ...]:
        return (self.action,)

    def actions(self) -> tuple[Action, ...]:
        return self.options or self._points()

    def question(self, step: str) -> Question:
        return Question(self.action.name, self.scale)

    def answers(self) -> tuple[tuple[str, str], ...]:
        return tuple((str(n), str(n)) for n in POINTS[self.scale])

    def sources(self) -> Iterator[tuple[str, bool]]:
        yield from ((source, False) for source in (*self.action.sources(), self.low, self.high))

    def render(self, fill: Fill) -> Rating:
        filled = replace(self, action=self.action.render(fill), low=label(fill(self.low)), high=label(fill(self.high)))
        return replace(filled, options=filled._points())

    def errors(self, steps: Collection[str]) -> Iterator[Remark]:
        yield from action_errors(self.action, steps, label=False)

    def _points(self) -> tuple[Action, ...]:
        """One action for each point of the scale: id `<id>.<n>`, name `<name> <n>`, value `<n>`."""
        base = self.action
        return tuple(
            replace(base, id=f"{base.id}.{n}", text=str(n), name=f"{base.name} {n}".strip(), value=str(n))
            for n in POINTS[self.scale]
        )
