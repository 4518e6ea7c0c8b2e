"""Where a message goes on to by what was answered: the branches of a step, and what may be wrong with them.

A tap whose behaviour is *Go to a step* asks the branches of its step in their order. The first whose question was
answered with one of its answers says where to; where none does, the action's own step is next. The renderer decides
(`static/renderer/branching.js`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from messaging.actions.remarks import Remark
from messaging.blocks.base import Block

if TYPE_CHECKING:
    from messaging.content import Content, Step

MOST = 20  # branches of a step
END = ""  # where a branch goes to that ends the message; no step has this id


class Branch(msgspec.Struct, frozen=True):
    """After one of `answers` (keys of `Block.answers`) to the block `question`, go to the step `to` or to `END`."""

    question: str
    answers: tuple[str, ...]
    to: str


def errors(content: Content) -> Iterator[Remark]:
    """What keeps the message from being published."""
    steps = {step.id for step in content.steps}
    asked = {block.id: (step, block) for step in content.steps for block in step.blocks if block.answers()}
    for step in content.steps:
        if len(step.branches) > MOST:
            yield Remark(step.id, "branches", f"A step has at most {MOST} branches: remove some.")
        for number, branch in enumerate(step.branches, 1):
            found = asked.get(branch.question)
            for text in _wrong(content, step, branch, found, steps):
                yield Remark(step.id, "branches", f"Branch {number}: {text}")


def _wrong(
    content: Content, step: Step, branch: Branch, found: tuple[Step, Block] | None, steps: set[str]
) -> Iterator[str]:
    if found is None:
        yield "its question is gone. Choose another, or remove the branch."
    else:
        asked_in, block = found
        if asked_in.id != step.id and step.id not in reachable(content, asked_in.id):
            yield "its question is asked later. Choose one of this step or of one before it."
        if branch.answers and not {key for key, _ in block.answers()}.issuperset(branch.answers):
            yield "one of its answers is gone. Choose its answers anew."
    if not branch.answers:
        yield "it has no answer. Choose one at least."
    if branch.to not in {*steps, END}:
        yield "the step that it goes to is gone. Choose another."
    elif branch.to == step.id:
        yield "it goes to the step that it is in. Choose another."


def warnings(content: Content) -> Iterator[Remark]:
    """What an author may not have meant: steps that nobody reaches or leaves, branches that are never taken."""
    found = reachable(content, content.steps[0].id) | {content.steps[0].id} if content.steps else set()
    for step in content.steps:
        if step.id not in found:
            yield Remark(step.id, "branches", "Nobody reaches this step: no branch and no action goes to it.")
        if step.branches and not any(_goes_on(step)):
            told = "These branches are never asked: no action of this step goes to a step."
            yield Remark(step.id, "branches", told)
        if not content.close_button and not _has_way_out(content, step):
            told = "There is no way out of this step: add a button that closes, or show the close button."
            yield Remark(step.id, "branches", told)
        yield from _never_taken(step)


def _never_taken(step: Step) -> Iterator[Remark]:
    taken: set[tuple[str, str]] = set()
    for number, branch in enumerate(step.branches, 1):
        mine = {(branch.question, answer) for answer in branch.answers}
        if mine and mine <= taken:
            told = f"Branch {number} is never taken: branches above it have all of its answers."
            yield Remark(step.id, "branches", told)
        taken |= mine


def reachable(content: Content, start: str) -> set[str]:
    """The ids of the steps that can come after this one; the step itself only where it can come again."""
    edges = {step.id: _next(step) for step in content.steps}
    found: set[str] = set()
    waiting = [start]
    while waiting:
        new = edges.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found


def _next(step: Step) -> set[str]:
    own = set(_goes_on(step))
    return own | {branch.to for branch in step.branches} - {END} if own else set()


def _goes_on(step: Step) -> Iterator[str]:
    for block in step.blocks:
        yield from (one.behaviour.value for one in block.edited_actions() if one.behaviour.type.goes_to_step)


def _has_way_out(content: Content, step: Step) -> bool:
    after = reachable(content, step.id) | {step.id}
    return any(_ends(one) for one in content.steps if one.id in after)


def _ends(step: Step) -> bool:
    if any(branch.to == END for branch in step.branches) and any(_goes_on(step)):
        return True
    return any(action.behaviour.type.ends for block in step.blocks for action in block.edited_actions())
