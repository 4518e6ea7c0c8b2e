"""Scores of rating questions, from how often each point of the scale was given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tracking.metrics.definitions import number


@number("NPS")
def nps(points: Mapping[int, int]) -> float | None:
    """Net Promoter Score, from -100 to 100: the percentage of promoters (9 or 10) minus the percentage of detractors
    (0 to 6). Reichheld, "The One Number You Need to Grow", Harvard Business Review, December 2003.

    Numerator: answers of 9 or 10, less answers of 0 to 6.
    Denominator: all answers to the question.
    """
    answers = sum(points.values())
    promoters = sum(count for point, count in points.items() if point >= 9)
    detractors = sum(count for point, count in points.items() if point <= 6)
    return 100 * (promoters - detractors) / answers if answers else None


@number("Average")
def average(points: Mapping[int, int]) -> float | None:
    """The mean of the points given, for stars, emoji (1 to 5) and the effort score (1 to 7).

    Numerator: the sum of the points of all answers.
    Denominator: all answers to the question.
    """
    answers = sum(points.values())
    return sum(point * count for point, count in points.items()) / answers if answers else None


@number("CSAT")
def csat(points: Mapping[int, int]) -> float | None:
    """Customer satisfaction: the percentage of answers that are 4 or 5 of 5 (the top two boxes).

    Numerator: answers of 4 or 5.
    Denominator: all answers to the question.
    """
    answers = sum(points.values())
    return 100 * sum(count for point, count in points.items() if point >= 4) / answers if answers else None


@number("Thumbs up")
def thumbs(points: Mapping[int, int]) -> float | None:
    """The percentage of answers that are a thumb up.

    Numerator: answers of 1.
    Denominator: all answers to the question, 0 (a thumb down) and 1.
    """
    answers = sum(points.values())
    return 100 * points.get(1, 0) / answers if answers else None


@dataclass(frozen=True, slots=True)
class Score:
    """How the answers on one scale become a number, and how that is written. `term` names its definition."""

    of: Callable[[Mapping[int, int]], float | None]
    term: str
    number: str
    words: str

    def text(self, value: float | None) -> str:
        return self.words.format("-" if value is None else self.number.format(value).replace("-", "−"))


SCORES = {
    "nps": Score(nps, "nps", "{:+.0f}", "NPS {}"),
    "csat": Score(csat, "csat", "{:.0f}", "CSAT {} %"),
    "ces": Score(average, "average", "{:.1f}", "{} of 7"),
    "stars": Score(average, "average", "{:.1f}", "{} of 5"),
    "emoji": Score(average, "average", "{:.1f}", "{} of 5"),
    "thumbs": Score(thumbs, "thumbs", "{:.0f}", "{} % up"),
}
"""By the scale of `messaging.blocks.rating`; a question of another scale, as a choice is, has no score."""
