"""What a tap can do. A kind says here all that messaging asks of it; its twin is in `static/renderer/behaviours.js`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from messaging.common import safety

BehaviourKind = Literal["dismiss", "url", "deeplink", "step", "custom", "message", "snooze", "submit"]
LONGEST_SNOOZE = 43_200  # minutes: thirty days


def _nothing(value: str) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class BehaviourType:
    """One kind of behaviour.

    `closes` is why a delivery is over after such a tap, "" where it is not; `ends` says whether a person is done with
    the message, or with the page; `goes_to_step` that the value is the id of a step. `safe` gives the value as it may
    be followed, `wrong` what is wrong with one without variables.
    """

    closes: str = ""
    ends: bool = True
    goes_to_step: bool = False
    safe: Callable[[str], str] = str
    wrong: Callable[[str], str] = _nothing


def _url(value: str) -> str:
    return "" if safety.url(value) else "The URL must start with https://, http://, mailto:, tel: or /."


def _deep_link(value: str) -> str:
    return "" if safety.deep_link(value) else "The deep link must look like myapp://path."


def _named(value: str) -> str:
    return "" if value.strip() else "Name the custom action that your app listens for."


def _minutes(value: str) -> str:
    fits = value.isdecimal() and len(value) < 6 and 1 <= int(value) <= LONGEST_SNOOZE
    return "" if fits else f"Snooze for 1 to {LONGEST_SNOOZE} minutes."


TYPES: dict[BehaviourKind, BehaviourType] = {
    "dismiss": BehaviourType(closes="action"),
    "submit": BehaviourType(),
    "snooze": BehaviourType(closes="snooze", wrong=_minutes),
    "url": BehaviourType(safe=safety.url, wrong=_url),
    "deeplink": BehaviourType(safe=safety.deep_link, wrong=_deep_link),
    "message": BehaviourType(wrong=_named),
    "step": BehaviourType(ends=False, goes_to_step=True),
    "custom": BehaviourType(ends=False, wrong=_named),
}
