"""The headers of a queue, as public clients read them."""

from __future__ import annotations

from typing import Any

import pytest

from messaging.deliveries.api import queue_requests


@pytest.mark.parametrize(
    ("url", "anonymous", "live"),
    [
        ("https://live.example", False, "true"),
        ("https://live.example", True, "false"),
        ("", False, "false"),
        ("", True, "false"),
    ],
)
def test_known_people_are_sent_to_the_live_line_where_there_is_one(
    settings: Any, url: str, anonymous: bool, live: str
) -> None:
    settings.LIVE_URL = url
    assert queue_requests.headers(anonymous) == [("X-Gist-Queue-Polling-Interval", "10"), ("X-CIO-Use-SSE", live)]


def test_a_queue_is_asked_for_by_user_or_by_browser() -> None:
    assert queue_requests.ask(1, "ada", False) == queue_requests.Ask(1, user_id="ada")
    assert queue_requests.ask(1, "phone", True) == queue_requests.Ask(1, anonymous_id="phone")


def test_an_empty_queue_has_both_lists() -> None:
    assert queue_requests.body([]) == {"inAppMessages": [], "inboxMessages": []}
