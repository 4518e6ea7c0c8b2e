"""Branches of a step: what keeps a message from being published, and what may be meant otherwise."""

from __future__ import annotations

from typing import Any

import pytest

from messaging.content import branching, read, review, write
from messaging.content.rendering import render
from messaging.errors import BadContent


def going(id: str, to: str) -> dict[str, Any]:
    return {"id": id, "text": id, "name": id, "behaviour": {"kind": "step", "value": to}}


def button(id: str, to: str) -> dict[str, Any]:
    return {"kind": "button", "id": f"b-{id}", "action": going(id, to)}


def end(id: str) -> dict[str, Any]:
    return {"kind": "button", "id": f"b-{id}", "action": {"id": id, "text": id, "name": id}}


def branch(to: str, *answers: str, question: str = "nps") -> dict[str, Any]:
    return {"question": question, "answers": list(answers), "to": to}


def survey(*branches: dict[str, Any], later: tuple[dict[str, Any], ...] = (), **over: Any) -> dict[str, Any]:
    """A score, a text for those who gave a low one, an end."""
    rating = {"kind": "rating", "id": "nps", "scale": "nps", "action": going("score", "end")}
    written = {"kind": "input", "id": "text", "action": going("send", "end")}
    return {
        "steps": [
            {"id": "ask", "blocks": [rating], "branches": list(branches)},
            {"id": "why", "blocks": [written], "branches": list(later)},
            {"id": "end", "blocks": [end("done")]},
        ]
    } | over


def errors(draft: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one.where, one.text) for one in review.errors(read(draft))]


def hints(draft: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one.where, one.text) for one in branching.warnings(read(draft))]


def test_branches_by_score_and_by_text_may_be_published() -> None:
    draft = survey(branch("why", *"0123456"), later=(branch("ask", "empty", question="text"),))
    assert errors(draft) == []
    assert hints(draft) == []


def test_a_message_without_branches_reads_as_before() -> None:
    draft = survey()
    del draft["steps"][0]["branches"], draft["steps"][1]["branches"]
    assert [step.branches for step in read(draft).steps] == [(), (), ()]


def test_branches_outlive_writing_and_rendering() -> None:
    content = read(survey(branch("why", "0", "1")))
    shown = render(content, properties={}, customer={})
    assert shown.steps[0].branches == content.steps[0].branches
    assert read(write(shown)).steps[0].branches[0].answers == ("0", "1")


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        (branch("why", "0", question="gone"), "its question is gone"),
        (branch("why", "0", question="b-done"), "its question is gone"),  # a button asks nothing
        (branch("why", "written", question="text"), "its question is asked later"),
        (branch("why", "11"), "one of its answers is gone"),
        (branch("why"), "it has no answer"),
        (branch("gone", "0"), "the step that it goes to is gone"),
        (branch("ask", "0"), "it goes to the step that it is in"),
    ],
)
def test_a_branch_that_cannot_be_followed_is_named_at_its_step(wrong: dict[str, Any], text: str) -> None:
    [(where, told)] = errors(survey(wrong))
    assert where == "ask"
    assert told.startswith(f"Branch 1: {text}")


def test_the_second_branch_is_called_the_second() -> None:
    [(_, told)] = errors(survey(branch("why", "0"), branch("why")))
    assert told.startswith("Branch 2: ")


def test_an_earlier_question_may_be_asked_for_in_a_later_step() -> None:
    assert errors(survey(branch("why", "0"), later=(branch("ask", "0"),))) == []


def test_a_step_has_twenty_branches_at_most() -> None:
    twenty = [branch("why", "0")] * 20
    assert errors(survey(*twenty)) == []
    assert errors(survey(*twenty, branch("why", "0"))) == [("ask", "A step has at most 20 branches: remove some.")]


def test_a_branch_may_end_the_message() -> None:
    draft = survey(branch("why", "0"), branch("", "1"))
    assert errors(draft) == []
    assert hints(draft) == []
    assert read(write(read(draft))).steps[0].branches[1].to == branching.END
    assert branching.reachable(read(draft), "ask") == {"why", "end"}


def test_a_branch_that_ends_the_message_is_a_way_out_where_it_is_asked() -> None:
    draft = survey(branch("why", "0"), branch("", "1"), close_button=False)
    draft["steps"][1:] = [
        {"id": "why", "blocks": [button("again", "ask")]},
        {"id": "end", "blocks": [button("back", "ask")]},
    ]
    assert hints(draft) == []
    draft["steps"][0]["blocks"][0]["action"]["behaviour"] = {"kind": "custom", "value": "x"}
    assert ("ask", "There is no way out of this step: add a button that closes, or show the close button.") in hints(
        draft
    )


@pytest.mark.parametrize("wrong", [{"question": "nps", "answers": "0", "to": "why"}, {"question": "nps"}, 7, None])
def test_a_branch_of_another_shape_is_refused_with_its_place(wrong: Any) -> None:
    with pytest.raises(BadContent) as refused:
        read(survey(wrong))
    assert refused.value.errors[0][0].startswith("/steps/0/branches/0")


def test_a_step_that_nobody_reaches_is_told() -> None:
    assert hints(survey()) == [("why", "Nobody reaches this step: no branch and no action goes to it.")]


def test_branches_that_no_tap_asks_are_told() -> None:
    draft = survey(branch("why", "0"))
    draft["steps"][0]["blocks"][0]["action"]["behaviour"] = {"kind": "submit"}
    assert ("ask", "These branches are never asked: no action of this step goes to a step.") in hints(draft)
    assert ("why", "Nobody reaches this step: no branch and no action goes to it.") in hints(draft)


def test_a_branch_behind_others_that_take_all_of_its_answers_is_told() -> None:
    draft = survey(branch("why", "0", "1"), branch("end", "2"), branch("end", "1", "2"))
    assert hints(draft) == [("ask", "Branch 3 is never taken: branches above it have all of its answers.")]


def test_a_circle_that_nobody_can_leave_is_told_unless_there_is_a_close_button() -> None:
    steps = [{"id": "a", "blocks": [button("1", "b")]}, {"id": "b", "blocks": [button("2", "a")]}]
    told = "There is no way out of this step: add a button that closes, or show the close button."
    assert hints({"steps": steps, "close_button": False}) == [("a", told), ("b", told)]
    assert hints({"steps": steps}) == []
    out = [*steps, {"id": "c", "blocks": [end("done")]}]
    out[1] = {"id": "b", "blocks": [button("2", "a"), button("3", "c")]}
    assert hints({"steps": out, "close_button": False}) == []


def test_the_steps_after_one_hold_it_only_where_it_comes_again() -> None:
    content = read(survey(branch("why", "0")))
    assert branching.reachable(content, "ask") == {"why", "end"}
    assert branching.reachable(content, "end") == set()
    assert "ask" in branching.reachable(
        read(survey(branch("why", "0"), later=(branch("ask", "empty", question="text"),))), "ask"
    )


def test_what_is_said_of_branches_stands_beside_them() -> None:
    draft = survey(branch("gone", "0"), *[branch("why", "0")] * 20)
    assert {one.field for one in review.errors(read(draft))} == {"branches"}
    alone = survey(branch("why", "0"), branch("why", "0"))
    alone["steps"].append({"id": "lost", "blocks": [end("bye")]})
    assert {(one.where, one.field) for one in branching.warnings(read(alone))} == {
        ("ask", "branches"),
        ("lost", "branches"),
    }
