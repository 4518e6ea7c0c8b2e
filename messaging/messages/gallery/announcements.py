"""Messages that ask nothing."""

from __future__ import annotations

from typing import Any

from messaging.messages.gallery.parts import button, new_id, steps, text
from messaging.messages.gallery.registry import starter


@starter("blank", 1, "Blank", "A single step with a text and a button.")
def blank() -> dict[str, Any]:
    return steps((new_id("step"), "Step 1", [text("<p>Say it in a sentence.</p>"), button("Got it")]))


@starter("news", 11, "Announcement", "A picture, a few words and a link.")
def news() -> dict[str, Any]:
    blocks = [
        text("<h2>Shared notebooks are here</h2><p>Invite your team and write together.</p>"),
        button("Show me", "url", "https://example.com/notebooks"),
        button("Later", "snooze", "1440", style="link"),
    ]
    return steps((new_id("step"), "News", blocks))
