"""Telling open pages that something waits for their person: Redis carries it, `messaging.deliveries.live` passes it on.

A nudge may be lost (Redis down, page offline): clients poll as well, so nothing depends on it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from django.db import transaction

from console.runtime import announce

CHANNEL = "earshot:nudges"  # the messages on it: {"workspace": 1, "people": ["ann", "bob"]}
MOST_PEOPLE = 1000  # in one message


def publish(workspace_id: int, external_ids: Iterable[str]) -> None:
    """After the commit, say that these people have new deliveries. Never raises."""
    people = list(external_ids)
    if people:
        transaction.on_commit(lambda: send(workspace_id, people))


def send(workspace_id: int, people: list[str]) -> None:
    parts = (people[start : start + MOST_PEOPLE] for start in range(0, len(people), MOST_PEOPLE))
    announce.publish(CHANNEL, *(json.dumps({"workspace": workspace_id, "people": part}) for part in parts))
