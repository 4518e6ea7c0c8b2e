from __future__ import annotations

from collections.abc import Collection, Iterator

from msgspec.structs import replace

from messaging.actions import Action, Fill
from messaging.actions.remarks import Remark, action_errors
from messaging.blocks.base import Block, Question

MOST = 20  # options


class Choice(Block, frozen=True):
    """Several answers, one of which is chosen by a tap; each is an action of its own."""

    options: tuple[Action, ...] = ()

    def edited_actions(self) -> tuple[Action, ...]:
        return self.options

    def question(self, step: str) -> Question:
        return Question(step, "choice")

    def answers(self) -> tuple[tuple[str, str], ...]:
        return tuple((option.id, option.text) for option in self.options)

    def ids(self, place: str) -> Iterator[tuple[str, str]]:
        yield self.id, place
        yield from ((one.id, f"{place}, option {n}") for n, one in enumerate(self.options, 1))

    def sources(self) -> Iterator[tuple[str, bool]]:
        yield from ((source, False) for option in self.options for source in option.sources())

    def render(self, fill: Fill) -> Choice:
        return replace(self, options=tuple(option.render(fill) for option in self.options))

    def errors(self, steps: Collection[str]) -> Iterator[Remark]:
        if not 1 <= len(self.options) <= MOST:
            yield Remark(self.id, "options", f"A choice has 1 to {MOST} options.")
        for option in self.options:
            yield from action_errors(option, steps)
