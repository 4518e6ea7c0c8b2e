from __future__ import annotations

from collections.abc import Collection, Iterator

from msgspec.structs import replace

from messaging.actions import Action, Fill
from messaging.actions.remarks import Remark, action_errors
from messaging.blocks.base import Block, Question

MOST = 20  # options


class Multiple(Block, frozen=True):
    """Several answers, any of which may be chosen; its button sends them. Each one chosen is a tap on its option, so it
    is a response of its own.

    `least` and `most` (0: as many as there are) bound how many; `other` is the id of the option with which a text is
    written, the value of its tap; `none` is that of the option which excludes all others.
    """

    action: Action
    options: tuple[Action, ...] = ()
    least: int = 1
    most: int = 0
    other: str = ""
    none: str = ""

    def edited_actions(self) -> tuple[Action, ...]:
        return (*self.options, self.action)

    def answering(self) -> tuple[Action, ...]:
        return self.options

    def question(self, step: str) -> Question:
        return Question(step, "choice")

    def answers(self) -> tuple[tuple[str, str], ...]:
        return tuple((option.id, option.text) for option in self.options)

    def ids(self, place: str) -> Iterator[tuple[str, str]]:
        yield self.id, place
        yield from ((one.id, f"{place}, option {n}") for n, one in enumerate(self.options, 1))
        yield self.action.id, f"{place}, its button"

    def sources(self) -> Iterator[tuple[str, bool]]:
        yield from ((source, False) for action in self.edited_actions() for source in action.sources())

    def render(self, fill: Fill) -> Multiple:
        options = tuple(option.render(fill) for option in self.options)
        return replace(self, action=self.action.render(fill), options=options)

    def errors(self, steps: Collection[str]) -> Iterator[Remark]:
        count = len(self.options)
        if not 2 <= count <= MOST:
            yield Remark(self.id, "options", f"There are 2 to {MOST} answers to choose from.")
        if not 0 <= self.least <= count:
            yield Remark(self.id, "least", f"At least 0 to {count} are to be chosen, as there are {count} answers.")
        if self.most and not max(self.least, 1) <= self.most <= count:
            told = f"At most {max(self.least, 1)} to {count} may be chosen; 0 is as many as there are."
            yield Remark(self.id, "most", told)
        for field, chosen in (("other", self.other), ("none", self.none)):
            if chosen and chosen not in {option.id for option in self.options}:
                yield Remark(self.id, field, "The answer that was chosen here is gone: choose another, or none.")
        if self.other and self.other == self.none:
            yield Remark(self.id, "none", "An answer that excludes the others cannot be the one that asks for a text.")
        for action in self.edited_actions():
            yield from action_errors(action, steps)
