from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Literal

from msgspec.structs import replace

from messaging.actions import Action, Fill, label
from messaging.actions.remarks import FALLBACK, Remark, action_errors, may_be_blank
from messaging.blocks.base import Block

LONGEST = 1000  # characters of an answer: the longest `value` that a report may carry


class Input(Block, frozen=True):
    """A question that is answered in writing. What is written is the value of its action, the button that sends it.

    What is of another `format` than text is checked in the page, and written in one line.
    """

    action: Action
    placeholder: str = ""
    lines: Literal["one", "several"] = "one"
    format: Literal["text", "email", "number", "date"] = "text"
    limit: int = 300
    optional: bool = False

    def edited_actions(self) -> tuple[Action, ...]:
        return (self.action,)

    def answers(self) -> tuple[tuple[str, str], ...]:
        return (("written", "Something was written"), ("empty", "Left empty"))

    def sources(self) -> Iterator[tuple[str, bool]]:
        yield self.placeholder, False
        yield from ((source, False) for source in self.action.sources())

    def render(self, fill: Fill) -> Input:
        return replace(self, action=self.action.render(fill), placeholder=label(fill(self.placeholder)))

    def errors(self, steps: Collection[str]) -> Iterator[Remark]:
        if not 1 <= self.limit <= LONGEST:
            yield Remark(self.id, "limit", f"The longest answer has 1 to {LONGEST:,} characters.")
        if self.action.value:
            yield Remark(self.action.id, "value", "The value is what people write: leave it empty.")
        yield from action_errors(self.action, steps)

    def warnings(self) -> Iterator[Remark]:
        if may_be_blank(self.placeholder):
            yield Remark(self.id, "placeholder", FALLBACK)
