from __future__ import annotations

from tests.tracking.tally_factories import CLOSE, Count, action, count, nps, response, snapshot, tally
from tracking.metrics.tracked import LONGEST_TAIL, Question, Row, tracked
from tracking.rollups.models import SubjectKind as K


def rows(*args: object) -> list[Row]:
    [message] = tracked(*args)  # type: ignore[arg-type]
    return [entry for entry in message.entries if isinstance(entry, Row)]


def test_an_action_without_responses_has_its_row() -> None:
    [yes, close] = rows(tally(count(K.OPENED_PEOPLE, 4)), [snapshot(action("yes"), CLOSE)])
    assert (yes.name, yes.total, yes.people, yes.rate, yes.share) == ("Yes", 0, 0, 0, None)
    assert (close.name, close.dismissal) == ("Dismissed", True)


def test_an_untracked_action_has_no_row() -> None:
    assert [row.name for row in rows(tally(), [snapshot(action("yes"), action("more", tracked=False))])] == ["Yes"]


def test_rate_is_of_people_who_opened_and_share_of_all_responses() -> None:
    counted = tally(count(K.OPENED_PEOPLE, 10), response("yes", "Yes", 6, 4), response("no", "No", 2, 2))
    [yes, no] = rows(counted, [snapshot(action("yes"), action("no"))])
    assert (yes.total, yes.people, yes.rate, yes.share) == (6, 4, 0.4, 0.75)
    assert (no.total, no.people, no.rate, no.share) == (2, 2, 0.2, 0.25)


def test_a_renamed_action_keeps_the_row_of_its_old_name_and_says_so() -> None:
    snapshots = [snapshot(action("yes", "Yes")), snapshot(action("yes", "Sure"), id=2, version=2)]
    [new, old] = rows(tally(response("yes", "Yes", 3, 3), response("yes", "Sure", 1, 1)), snapshots)
    assert (new.name, new.total, new.note) == ("Sure", 1, "")
    assert (old.name, old.total, old.note) == ("Yes", 3, "v1, now “Sure”")


def test_a_removed_action_stays_visible_and_says_so() -> None:
    snapshots = [
        snapshot(action("yes"), action("no")),
        snapshot(action("yes"), action("no"), id=2, version=2),
        snapshot(action("yes"), id=3, version=3),
    ]
    [yes, no] = rows(tally(response("no", "No", 3, 3)), snapshots)
    assert (yes.name, yes.note, no.name, no.total, no.note) == ("Yes", "", "No", 3, "v1-v2, removed")


def test_an_action_no_longer_tracked_keeps_what_it_had() -> None:
    snapshots = [snapshot(action("yes")), snapshot(action("yes", tracked=False), id=2, version=2)]
    [yes] = rows(tally(response("yes", "Yes", 3, 3)), snapshots)
    assert (yes.total, yes.note) == (3, "v1, no longer tracked")


def test_names_that_vary_per_person_stand_under_their_template() -> None:
    hello = "Hello {{ customer.first_name }}"
    counted = tally(
        count(K.OPENED_PEOPLE, 10),
        response("hi", "Hello Ann", 1, 1),
        response("hi", "Hello Bo", 3, 2),
        Count(K.NAMELESS, 7, "hi", "", 4, 3),
    )
    [row] = rows(counted, [snapshot(action("hi", hello), personal=True)])
    assert (row.name, row.total, row.people, row.rate, row.varies) == (hello, 4, 3, 0.3, True)
    assert [(name.name, name.total) for name in row.names] == [("Hello Bo", 3), ("Hello Ann", 1)]
    assert row.more == 0


def test_a_long_tail_of_names_is_bounded_and_still_counted() -> None:
    names = [response("hi", f"Hello {n}", 1, 1) for n in range(LONGEST_TAIL + 7)]
    [row] = rows(tally(*names), [snapshot(action("hi", "Hello {{ customer.n }}"), personal=True)])
    assert (row.total, len(row.names), row.more, row.more_total) == (LONGEST_TAIL + 7, LONGEST_TAIL, 7, 7)
    assert row.people is None


def test_a_rating_shows_its_options_in_order_under_the_question_with_its_score() -> None:
    counted = tally(response("nps.10", "NPS 10", 3, 3), response("nps.0", "NPS 0", 1, 1))
    [message] = tracked(counted, [snapshot(action("yes"), *reversed(nps()), CLOSE)])
    _, question, _ = message.entries
    assert isinstance(question, Question)
    assert (question.title, question.scale, question.total, question.score) == ("NPS", "nps", 4, 50)
    assert [row.value for row in question.rows] == [str(n) for n in range(11)]


def test_a_rating_nobody_answered_has_no_score() -> None:
    [message] = tracked(tally(), [snapshot(*nps())])
    [question] = message.entries
    assert isinstance(question, Question)
    assert question.score is None


def test_choices_keep_the_order_of_their_options() -> None:
    options = [action(id, group="c", question="Why?", scale="choice") for id in ("price", "bugs", "other")]
    [message] = tracked(tally(response("bugs", "Bugs", 2, 2)), [snapshot(*options)])
    [question] = message.entries
    assert isinstance(question, Question)
    assert [(row.name, row.total) for row in question.rows] == [("Price", 0), ("Bugs", 2), ("Other", 0)]
    assert question.score is None


def test_messages_stand_apart_the_newest_use_first() -> None:
    snapshots = [snapshot(action("yes")), snapshot(action("yes"), id=2, message_id=8, message_name="Second", version=3)]
    counted = tally(response("yes", "Yes", 3, 2), response("yes", "Yes", 1, 1, message_id=8))
    assert [(m.name, m.total) for m in tracked(counted, snapshots)] == [("Second", 1), ("Beta survey", 3)]


def test_the_rows_add_up_to_all_responses_also_of_uses_that_are_gone() -> None:
    counted = tally(response("yes", "Yes", 3, 2), response("gone", "Gone", 1, 1), response("x", "X", 2, 1, 9))
    messages = tracked(counted, [snapshot(action("yes"))])
    assert sum(entry.total for message in messages for entry in message.entries) == 6
    assert [message.name for message in messages] == ["Beta survey", "message 9"]
