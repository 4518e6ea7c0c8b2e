"""Scores of rating questions, from how often each point of the scale was given."""

from __future__ import annotations

from collections.abc import Mapping

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
    """The mean of the points given, for stars and emoji (1 to 5).

    Numerator: the sum of the points of all answers.
    Denominator: all answers to the question.
    """
    answers = sum(points.values())
    return sum(point * count for point, count in points.items()) / answers if answers else None
