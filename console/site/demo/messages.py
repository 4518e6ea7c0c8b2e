"""What Pica Notes asks and says."""

from __future__ import annotations

from typing import Any

NPS, POLL, NUDGE = "How likely are you to recommend us?", "Feature poll", "First steps"


def action(ident: str, text: str, kind: str = "dismiss", target: str = "", **over: Any) -> dict[str, Any]:
    return {"id": ident, "text": text, "name": text, "behaviour": {"kind": kind, "value": target}, **over}


def text(ident: str, html: str) -> dict[str, Any]:
    return {"kind": "text", "id": ident, "html": html}


def button(ident: str, style: str, what: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "button", "id": ident, "style": style, "action": what}


HELLO = "Hello {{ customer.first_name | default: 'there' }}"

DRAFTS: dict[str, dict[str, Any]] = {
    NPS: {
        "accent": "#0f766e",
        "steps": [
            {
                "id": "ask",
                "name": "Score",
                "blocks": [
                    text("ask-text", f"<h2>{HELLO}</h2><p>How likely are you to recommend Pica Notes to a friend?</p>"),
                    {
                        "kind": "rating",
                        "id": "ask-nps",
                        "scale": "nps",
                        "low": "Not at all",
                        "high": "Very likely",
                        "action": action("nps", "", "step", "why", name="NPS", follows=False),
                    },
                ],
            },
            {
                "id": "why",
                "name": "What matters most",
                "blocks": [
                    text("why-text", "<p>Thank you. What matters most to you?</p>"),
                    {
                        "kind": "choice",
                        "id": "why-choice",
                        "options": [
                            action("why-search", "Finding things again", "step", "thanks", value="search"),
                            action("why-speed", "Speed", "step", "thanks", value="speed"),
                            action("why-share", "Sharing with my team", "step", "thanks", value="sharing"),
                            action("why-price", "The price", "step", "thanks", value="price"),
                        ],
                    },
                ],
            },
            {
                "id": "thanks",
                "name": "Thanks",
                "blocks": [
                    text("thanks-text", "<h2>Thank you</h2><p>We read every answer.</p>"),
                    button("thanks-done", "primary", action("done", "Done", track=False)),
                ],
            },
        ],
    },
    POLL: {
        "accent": "#7c3aed",
        "display": {"type": "modal", "position": "bottom", "width": 380},
        "steps": [
            {
                "id": "poll",
                "name": "Poll",
                "blocks": [
                    text("poll-text", "<h2>What should we build next?</h2><p>We think about $properties.feature.</p>"),
                    button(
                        "poll-yes",
                        "primary",
                        action("want", "$properties.button_text", "submit"),
                    ),
                    button("poll-no", "secondary", action("no", "Not for me", "submit")),
                    button(
                        "poll-more",
                        "link",
                        action("more", "Read about our plans", "url", "https://example.com/plans", track=False),
                    ),
                    button("poll-later", "link", action("later", "Ask me later", "snooze", "1440")),
                ],
            }
        ],
    },
    NUDGE: {
        "accent": "#b45309",
        "display": {"type": "banner", "position": "bottom", "width": 560},
        "steps": [
            {
                "id": "nudge",
                "name": "Nudge",
                "blocks": [
                    text("nudge-text", f"<p>{HELLO}, your first notebook is there. What now?</p>"),
                    button("nudge-invite", "primary", action("invite", "Invite my team", "deeplink", "pica://invite")),
                    button("nudge-tour", "secondary", action("tour", "Show me around", "custom", "start_tour")),
                    button("nudge-skip", "link", action("skip", "I know my way")),
                ],
            }
        ],
    },
}

NPS_WEIGHTS = (2, 1, 2, 3, 3, 6, 8, 14, 24, 28, 26)
WEIGHTS = {
    "why-search": 34,
    "why-speed": 16,
    "why-share": 22,
    "why-price": 9,
    "want": 62,
    "no": 21,
    "later": 12,
    "invite": 30,
    "tour": 48,
    "skip": 25,
}


def weight(action_id: str) -> int:
    """How often people choose it, beside the other actions of its step."""
    rating, _, point = action_id.partition(".")
    return NPS_WEIGHTS[int(point)] if rating == "nps" else WEIGHTS.get(action_id, 10)
