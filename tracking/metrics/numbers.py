"""The numbers of a broadcast or campaign: pure functions of a tally. A ratio without a denominator is None ("-")."""

from __future__ import annotations

from messaging.public import CLOSE
from tracking.metrics.definitions import number
from tracking.metrics.tally import Tally
from tracking.rollups.models import SubjectKind


@number("Sent")
def sent(tally: Tally) -> int:
    """Deliveries created: one for each message that was put in a person's queue.

    Numerator: deliveries created in the range.
    Denominator: none.
    """
    return sum(tally.sent.values())


@number("Opened")
def opened(tally: Tally) -> int:
    """Deliveries shown at least once. Any later interaction proves the opening, so no rate passes 100 %.

    Numerator: deliveries shown or used in the range, each once.
    Denominator: none.
    """
    return sum(count.distinct for count in tally.of(SubjectKind.OPENED))


@number("Open rate")
def open_rate(tally: Tally) -> float | None:
    """How many of the deliveries were opened. Known over all time only: within a range, deliveries are opened that were
    sent before it.

    Numerator: deliveries opened.
    Denominator: deliveries created.
    """
    return ratio(opened(tally), sent(tally)) if tally.whole else None


@number("Times shown")
def shown(tally: Tally) -> int:
    """How often the message came on screen; a delivery that was shown twice counts twice. The chart shows this, because
    it adds up over hours and days.

    Numerator: reports of an opening in the range.
    Denominator: none.
    """
    kinds = (SubjectKind.CLICKED, SubjectKind.DISMISSED)
    used = sum(count.total for kind in kinds for count in tally.of(kind))
    return sum(count.total for count in tally.of(SubjectKind.OPENED)) - used


@number("People who opened")
def openers(tally: Tally) -> int:
    """Different people who were shown the message; an anonymous person who became known is one of them, not two.

    Numerator: people with an opened delivery in the range, each once for each message.
    Denominator: none.
    """
    return sum(count.distinct for count in tally.of(SubjectKind.OPENED_PEOPLE))


@number("Clicked")
def clicked(tally: Tally) -> int:
    """Opened deliveries with a tap on a tracked action, one that closes the message among them. The close button, the
    backdrop, Esc and a swipe are dismissals, not clicks.

    Numerator: deliveries with such a tap in the range, each once.
    Denominator: none.
    """
    return sum(count.distinct for count in tally.of(SubjectKind.CLICKED))


@number("Click rate")
def click_rate(tally: Tally) -> float | None:
    """How many of the opened deliveries were clicked.

    Numerator: deliveries clicked in the range.
    Denominator: deliveries opened in the range.
    """
    return ratio(clicked(tally), opened(tally))


@number("Dismissed")
def dismissed(tally: Tally) -> dict[str, int]:
    """Deliveries that left the screen other than by a tap on a named action, by how: close button, backdrop, Esc,
    swipe, timeout, snooze, page left, superseded, recalled. A delivery that left twice stands under both reasons.

    Numerator: deliveries dismissed in the range, each once for each reason.
    Denominator: none.
    """
    reasons: dict[str, int] = {}
    for count in tally.of(SubjectKind.DISMISSED):
        reasons[count.name] = reasons.get(count.name, 0) + count.distinct
    return dict(sorted(reasons.items(), key=lambda item: (-item[1], item[0])))


@number("Responses")
def responses(tally: Tally) -> int:
    """Taps on actions that have Track clicks on, dismissals included. The same tap reported twice counts once; a
    person who taps twice counts twice here, and once under people.

    Numerator: accepted taps in the range.
    Denominator: none.
    """
    return sum(count.total for count in tally.of(SubjectKind.RESPONDED))


@number("Answers")
def answers(tally: Tally) -> int:
    """Responses without those of the close action: what people chose, not that they closed the message.

    Numerator: accepted taps on named actions in the range.
    Denominator: none.
    """
    closed = sum(count.total for count in tally.of(SubjectKind.RESPONSE) if count.action_id == CLOSE)
    return responses(tally) - closed


@number("People who responded")
def respondents(tally: Tally) -> int:
    """Different people behind the responses; an anonymous person who became known is one of them, not two.

    Numerator: people with a response in the range, each once for each message.
    Denominator: none.
    """
    return sum(count.distinct for count in tally.of(SubjectKind.RESPONDED))


@number("Rate")
def rate(people: int | None, openers: int) -> float | None:
    """How many of those who saw the message responded, or used this action. A response proves the opening, so it
    never passes 100 %.

    Numerator: people with a response in the range.
    Denominator: people who opened in the range.
    """
    return ratio(people, openers)


@number("Share")
def share(total: int, responses: int) -> float | None:
    """How much of all responses this action has; the shares of a source add up to 100 %.

    Numerator: responses of the action in the range.
    Denominator: all responses in the range.
    """
    return ratio(total, responses)


def ratio(part: int | None, whole: int) -> float | None:
    """`part` of `whole`, or None where nothing can be said."""
    return None if part is None or whole <= 0 else part / whole
