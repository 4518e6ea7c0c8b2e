"""Surveys with answers to choose from."""

from __future__ import annotations

from typing import Any

from messaging.messages.gallery.parts import action, button, new_id, steps, text, thanks, written
from messaging.messages.gallery.registry import starter


@starter("fit", 6, "Product-market fit", "How people would feel without you, and why.")
def fit() -> dict[str, Any]:
    why, end = new_id("step"), new_id("step")
    feelings = [action(one, "step", why) for one in ("Very disappointed", "Somewhat disappointed", "Not disappointed")]
    ask = [
        text("<h2>How would you feel if you could no longer use us?</h2>"),
        {"kind": "choice", "id": new_id("choice"), "options": feelings},
    ]
    return steps(
        (new_id("step"), "Feeling", ask),
        (why, "Why", [text("<h2>What is the main reason for that?</h2>"), written("Main reason", end)]),
        (end, "Thanks", thanks()),
    )


@starter("churn", 7, "Reasons for leaving", "Several reasons to choose from, and one in people's own words.")
def churn() -> dict[str, Any]:
    end = new_id("step")
    texts = ("It is too expensive", "Something is missing", "I do not need it any more", "Another reason")
    options = [action(one, "custom", "choose") for one in texts]
    reasons = {
        "kind": "multiple",
        "id": new_id("multiple"),
        "options": options,
        "other": options[-1]["id"],
        "action": action("Send", "step", end, "Reasons sent"),
    }
    ask = [text("<h2>Why are you leaving?</h2><p>Choose all that apply.</p>"), reasons]
    return steps((new_id("step"), "Reasons", ask), (end, "Thanks", thanks()))


@starter("poll", 8, "Feature poll", "One question, one button whose text each campaign fills in.")
def poll() -> dict[str, Any]:
    end = new_id("step")
    ask = [
        text("<h2>We are building something new</h2><p>Would you like to try it before everyone else?</p>"),
        button("$properties.button_text", "step", end),
        button("Not now", style="link"),
    ]
    return steps((new_id("step"), "Question", ask), (end, "Thanks", thanks("<h2>You are in!</h2>")))


@starter("choice", 10, "Choose one", "A question with three answers to choose from.")
def choice() -> dict[str, Any]:
    end = new_id("step")
    options = [action(one, "step", end) for one in ("My team asked for it", "I found it myself", "Something else")]
    ask = [text("<h2>What brought you here?</h2>"), {"kind": "choice", "id": new_id("choice"), "options": options}]
    return steps((new_id("step"), "Question", ask), (end, "Thanks", thanks()))
