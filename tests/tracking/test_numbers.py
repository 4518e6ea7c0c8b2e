from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from messaging.blocks import rating
from tests.tracking.tally_factories import count, response, tally
from tracking.metrics import numbers, ratings
from tracking.metrics.definitions import DEFINITIONS
from tracking.rollups.models import SubjectKind as K


def test_nothing_counted_is_zero_and_its_rates_are_none() -> None:
    empty = tally()
    assert (numbers.sent(empty), numbers.opened(empty), numbers.clicked(empty), numbers.responses(empty)) == (0,) * 4
    assert numbers.dismissed(empty) == {}
    assert numbers.open_rate(empty) is None
    assert numbers.click_rate(empty) is None
    assert numbers.rate(0, 0) is None
    assert numbers.share(0, 0) is None


def test_people_are_distinct_and_responses_are_not() -> None:
    seen = tally(response("yes", "Yes", 5, 3), response("no", "No", 2, 2), count(K.RESPONDED, 4, total=7))
    assert (numbers.responses(seen), numbers.respondents(seen)) == (7, 4)


def test_dismissals_are_by_reason_the_most_frequent_first() -> None:
    seen = tally(count(K.DISMISSED, 1, "esc"), count(K.DISMISSED, 4, "close"), count(K.DISMISSED, 2, "close"))
    assert list(numbers.dismissed(seen).items()) == [("close", 6), ("esc", 1)]


def test_the_open_rate_is_known_over_all_time_only() -> None:
    counts = [count(K.OPENED, 30)]
    assert numbers.open_rate(tally(*counts, sent=40)) == 0.75
    assert numbers.open_rate(tally(*counts, sent=10, whole=False)) is None


@pytest.mark.parametrize(
    ("points", "score"),
    [({10: 1}, 100), ({0: 1}, -100), ({9: 5, 8: 3, 6: 2}, 30), ({7: 4, 8: 4}, 0), ({}, None)],
)
def test_nps_is_promoters_less_detractors(points: dict[int, int], score: float | None) -> None:
    assert ratings.nps(points) == score


def test_an_average_weighs_points_by_answers() -> None:
    assert ratings.average({5: 3, 1: 1}) == 4
    assert ratings.average({}) is None


@pytest.mark.parametrize("definition", DEFINITIONS.values(), ids=lambda d: d.key)
def test_every_number_is_documented_in_the_words_of_its_tooltip(definition: object) -> None:
    d = DEFINITIONS[definition.key]  # type: ignore[attr-defined]
    assert d.text
    assert d.numerator
    assert d.denominator
    page = " ".join((Path(settings.BASE_DIR) / "docs/metrics.md").read_text().split())
    section = f"### {d.title} {d.text} - Numerator: {d.numerator} - Denominator: {d.denominator}"
    assert section in page


@pytest.mark.parametrize(
    ("scale", "points", "text"),
    [
        ("nps", {10: 3, 0: 1}, "NPS +50"),
        ("nps", {0: 1}, "NPS −100"),
        ("csat", {5: 1, 4: 1, 3: 1, 1: 1}, "CSAT 50 %"),
        ("csat", {4: 1}, "CSAT 100 %"),
        ("csat", {3: 1}, "CSAT 0 %"),
        ("ces", {7: 1, 6: 1}, "6.5 of 7"),
        ("stars", {5: 1, 4: 2}, "4.3 of 5"),
        ("emoji", {1: 1}, "1.0 of 5"),
        ("thumbs", {1: 3, 0: 1}, "75 % up"),
        ("thumbs", {0: 2}, "0 % up"),
    ],
)
def test_the_score_of_a_scale_is_written_in_its_own_words(scale: str, points: dict[int, int], text: str) -> None:
    score = ratings.SCORES[scale]
    assert score.text(score.of(points)) == text


@pytest.mark.parametrize("scale", ratings.SCORES)
def test_a_scale_that_nobody_answered_on_has_no_score(scale: str) -> None:
    assert ratings.SCORES[scale].of({}) is None
    assert "-" in ratings.SCORES[scale].text(None)


def test_every_scale_has_its_score_and_its_definition() -> None:
    assert ratings.SCORES.keys() == rating.POINTS.keys()
    assert {score.term for score in ratings.SCORES.values()} <= DEFINITIONS.keys()
