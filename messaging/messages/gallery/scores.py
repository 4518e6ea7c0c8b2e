"""Surveys that begin with a score."""

from __future__ import annotations

from typing import Any

from messaging.messages.gallery.parts import button, new_id, rating, steps, text, thanks, written
from messaging.messages.gallery.registry import starter


@starter("nps", 2, "NPS survey", "How likely are you to recommend us, 0 to 10, then a thank-you.")
def nps() -> dict[str, Any]:
    end = new_id("step")
    ask = [
        text("<h2>How likely are you to recommend us to a friend?</h2>"),
        rating("nps", "NPS", end, "Not at all likely", "Extremely likely"),
    ]
    return steps((new_id("step"), "Question", ask), (end, "Thanks", thanks()))


@starter("nps-why", 3, "NPS with follow-ups", "Asks detractors why, passives what is missing, promoters for a review.")
def nps_why() -> dict[str, Any]:
    why, missing, review, end = (new_id("step") for _ in range(4))
    score = rating("nps", "NPS", end, "Not at all likely", "Extremely likely")
    ask = {
        "id": new_id("step"),
        "name": "Score",
        "blocks": [text("<h2>How likely are you to recommend us to a friend?</h2>"), score],
        "branches": [
            {"question": score["id"], "answers": [str(n) for n in points], "to": to}
            for points, to in ((range(7), why), (range(7, 9), missing), (range(9, 11), review))
        ],
    }
    after = steps(
        (why, "Why not", [text("<h2>What was missing for you?</h2>"), written("Why not", end)]),
        (missing, "What would help", [text("<h2>What would make it a 10?</h2>"), written("What would help", end)]),
        (
            review,
            "Review",
            [
                text("<h2>We are glad!</h2><p>Would you tell others about it?</p>"),
                button("Write a review", "url", "https://example.com/review"),
                button("Not now", "step", end, style="link"),
            ],
        ),
        (end, "Thanks", thanks()),
    )
    return {"steps": [ask, *after["steps"]]}


@starter("csat", 4, "CSAT", "How satisfied people are, 1 to 5: the share of those who are.")
def csat() -> dict[str, Any]:
    end = new_id("step")
    ask = [
        text("<h2>How satisfied are you with it?</h2>"),
        rating("csat", "CSAT", end, "Very dissatisfied", "Very satisfied"),
    ]
    return steps((new_id("step"), "Question", ask), (end, "Thanks", thanks()))


@starter("ces", 5, "Effort score (CES)", "How easy something was, 1 to 7.")
def ces() -> dict[str, Any]:
    end = new_id("step")
    ask = [
        text("<h2>How easy was it to get this done?</h2>"),
        rating("ces", "Effort", end, "Very difficult", "Very easy"),
    ]
    return steps((new_id("step"), "Question", ask), (end, "Thanks", thanks()))


@starter("smile", 9, "Satisfaction", "Five faces, from awful to great.")
def smile() -> dict[str, Any]:
    end = new_id("step")
    ask = [text("<h2>How was it today?</h2>"), rating("emoji", "Satisfaction", end, "Awful", "Great")]
    return steps((new_id("step"), "Question", ask), (end, "Thanks", thanks()))
