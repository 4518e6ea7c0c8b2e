"""What a new message starts from."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Starter:
    key: str
    title: str
    text: str


STARTERS = (
    Starter("blank", "Blank", "A single step with a text and a button."),
    Starter("nps", "NPS survey", "How likely are you to recommend us, 0 to 10, then a thank-you."),
    Starter("nps-why", "NPS with follow-ups", "Asks detractors why, passives what is missing, promoters for a review."),
    Starter("csat", "CSAT", "How satisfied people are, 1 to 5: the share of those who are."),
    Starter("ces", "Effort score (CES)", "How easy something was, 1 to 7."),
    Starter("fit", "Product-market fit", "How people would feel without you, and why."),
    Starter("churn", "Reasons for leaving", "Several reasons to choose from, and one in people's own words."),
    Starter("poll", "Feature poll", "One question, one button whose text each campaign fills in."),
    Starter("smile", "Satisfaction", "Five faces, from awful to great."),
    Starter("choice", "Choose one", "A question with three answers to choose from."),
    Starter("news", "Announcement", "A picture, a few words and a link."),
)


def draft_of(key: str) -> dict[str, Any]:
    """A fresh draft, with ids of its own. Raises KeyError for a starter that is not there."""
    return _MADE[key]()


def _id(kind: str) -> str:
    return f"{kind}-{secrets.token_hex(4)}"


def _text(html: str) -> dict[str, Any]:
    return {"kind": "text", "id": _id("text"), "html": html}


def _action(text: str, kind: str = "dismiss", value: str = "", name: str | None = None) -> dict[str, Any]:
    return {
        "id": _id("action"),
        "text": text,
        "name": text if name is None else name,
        "follows": name is None,
        "behaviour": {"kind": kind, "value": value},
    }


def _button(text: str, kind: str = "dismiss", value: str = "", style: str = "primary") -> dict[str, Any]:
    return {"kind": "button", "id": _id("button"), "style": style, "action": _action(text, kind, value)}


def _rating(scale: str, name: str, step: str, low: str, high: str) -> dict[str, Any]:
    action = _action("", "step", step, name)
    return {"kind": "rating", "id": _id("rating"), "scale": scale, "action": action, "low": low, "high": high}


def _input(name: str, step: str) -> dict[str, Any]:
    action = _action("Send", "step", step, name)
    return {"kind": "input", "id": _id("input"), "lines": "several", "optional": True, "action": action}


def _steps(*steps: tuple[str, str, list[dict[str, Any]]]) -> dict[str, Any]:
    return {"steps": [{"id": key, "name": name, "blocks": blocks} for key, name, blocks in steps]}


def _thanks(text: str = "<h2>Thank you!</h2><p>That helps a lot.</p>") -> list[dict[str, Any]]:
    return [_text(text), _button("Done")]


def _blank() -> dict[str, Any]:
    return _steps((_id("step"), "Step 1", [_text("<p>Say it in a sentence.</p>"), _button("Got it")]))


def _nps() -> dict[str, Any]:
    thanks = _id("step")
    ask = [
        _text("<h2>How likely are you to recommend us to a friend?</h2>"),
        _rating("nps", "NPS", thanks, "Not at all likely", "Extremely likely"),
    ]
    return _steps((_id("step"), "Question", ask), (thanks, "Thanks", _thanks()))


def _nps_why() -> dict[str, Any]:
    why, missing, review, thanks = (_id("step") for _ in range(4))
    rating = _rating("nps", "NPS", thanks, "Not at all likely", "Extremely likely")
    ask = {
        "id": _id("step"),
        "name": "Score",
        "blocks": [_text("<h2>How likely are you to recommend us to a friend?</h2>"), rating],
        "branches": [
            {"question": rating["id"], "answers": [str(n) for n in points], "to": to}
            for points, to in ((range(7), why), (range(7, 9), missing), (range(9, 11), review))
        ],
    }
    after = _steps(
        (why, "Why not", [_text("<h2>What was missing for you?</h2>"), _input("Why not", thanks)]),
        (missing, "What would help", [_text("<h2>What would make it a 10?</h2>"), _input("What would help", thanks)]),
        (
            review,
            "Review",
            [
                _text("<h2>We are glad!</h2><p>Would you tell others about it?</p>"),
                _button("Write a review", "url", "https://example.com/review"),
                _button("Not now", "step", thanks, style="link"),
            ],
        ),
        (thanks, "Thanks", _thanks()),
    )
    return {"steps": [ask, *after["steps"]]}


def _csat() -> dict[str, Any]:
    thanks = _id("step")
    ask = [
        _text("<h2>How satisfied are you with it?</h2>"),
        _rating("csat", "CSAT", thanks, "Very dissatisfied", "Very satisfied"),
    ]
    return _steps((_id("step"), "Question", ask), (thanks, "Thanks", _thanks()))


def _ces() -> dict[str, Any]:
    thanks = _id("step")
    ask = [
        _text("<h2>How easy was it to get this done?</h2>"),
        _rating("ces", "Effort", thanks, "Very difficult", "Very easy"),
    ]
    return _steps((_id("step"), "Question", ask), (thanks, "Thanks", _thanks()))


def _fit() -> dict[str, Any]:
    why, thanks = _id("step"), _id("step")
    feelings = [
        _action(text, "step", why) for text in ("Very disappointed", "Somewhat disappointed", "Not disappointed")
    ]
    ask = [
        _text("<h2>How would you feel if you could no longer use us?</h2>"),
        {"kind": "choice", "id": _id("choice"), "options": feelings},
    ]
    return _steps(
        (_id("step"), "Feeling", ask),
        (why, "Why", [_text("<h2>What is the main reason for that?</h2>"), _input("Main reason", thanks)]),
        (thanks, "Thanks", _thanks()),
    )


def _churn() -> dict[str, Any]:
    thanks = _id("step")
    texts = ("It is too expensive", "Something is missing", "I do not need it any more", "Another reason")
    options = [_action(text, "custom", "choose") for text in texts]
    reasons = {
        "kind": "multiple",
        "id": _id("multiple"),
        "options": options,
        "other": options[-1]["id"],
        "action": _action("Send", "step", thanks, "Reasons sent"),
    }
    ask = [_text("<h2>Why are you leaving?</h2><p>Choose all that apply.</p>"), reasons]
    return _steps((_id("step"), "Reasons", ask), (thanks, "Thanks", _thanks()))


def _poll() -> dict[str, Any]:
    thanks = _id("step")
    ask = [
        _text("<h2>We are building something new</h2><p>Would you like to try it before everyone else?</p>"),
        _button("$properties.button_text", "step", thanks),
        _button("Not now", style="link"),
    ]
    return _steps((_id("step"), "Question", ask), (thanks, "Thanks", _thanks("<h2>You are in!</h2>")))


def _smile() -> dict[str, Any]:
    thanks = _id("step")
    ask = [_text("<h2>How was it today?</h2>"), _rating("emoji", "Satisfaction", thanks, "Awful", "Great")]
    return _steps((_id("step"), "Question", ask), (thanks, "Thanks", _thanks()))


def _choice() -> dict[str, Any]:
    thanks = _id("step")
    options = [
        _action(text, "step", thanks) for text in ("My team asked for it", "I found it myself", "Something else")
    ]
    ask = [_text("<h2>What brought you here?</h2>"), {"kind": "choice", "id": _id("choice"), "options": options}]
    return _steps((_id("step"), "Question", ask), (thanks, "Thanks", _thanks()))


def _news() -> dict[str, Any]:
    blocks = [
        _text("<h2>Shared notebooks are here</h2><p>Invite your team and write together.</p>"),
        _button("Show me", "url", "https://example.com/notebooks"),
        _button("Later", "snooze", "1440", style="link"),
    ]
    return _steps((_id("step"), "News", blocks))


_MADE = {
    "blank": _blank,
    "nps": _nps,
    "nps-why": _nps_why,
    "csat": _csat,
    "ces": _ces,
    "fit": _fit,
    "churn": _churn,
    "poll": _poll,
    "smile": _smile,
    "choice": _choice,
    "news": _news,
}
