"""What follows the log: people, deliveries, responses, roll-ups and webhooks, each behind a watermark of its own."""

from __future__ import annotations

from tracking.services.followers.lag import Lag, lag
from tracking.services.followers.people import people
from tracking.services.followers.responses import responses
from tracking.services.followers.rollup import rollup
from tracking.services.followers.settle import settle
from tracking.services.followers.walk import Follower, behind, catch_up, step
from tracking.services.followers.webhooks import webhooks

FOLLOWERS = (
    Follower("people", people),
    Follower("responses", responses),
    Follower("rollup", rollup),
    Follower("settle", settle),
    Follower("webhooks", webhooks),
)

__all__ = ["FOLLOWERS", "Follower", "Lag", "catch_up", "follow", "lag", "step"]


def follow() -> int:
    """Let every follower catch up; returns how many chunks were walked. Any number of workers may do this at once."""
    return catch_up(behind(FOLLOWERS))
