"""What starters are made of: drafts are plain JSON, with ids of their own."""

from __future__ import annotations

import secrets
from typing import Any


def new_id(kind: str) -> str:
    return f"{kind}-{secrets.token_hex(4)}"


def text(html: str) -> dict[str, Any]:
    return {"kind": "text", "id": new_id("text"), "html": html}


def action(text: str, kind: str = "dismiss", value: str = "", name: str | None = None) -> dict[str, Any]:
    return {
        "id": new_id("action"),
        "text": text,
        "name": text if name is None else name,
        "follows": name is None,
        "behaviour": {"kind": kind, "value": value},
    }


def button(text: str, kind: str = "dismiss", value: str = "", style: str = "primary") -> dict[str, Any]:
    return {"kind": "button", "id": new_id("button"), "style": style, "action": action(text, kind, value)}


def rating(scale: str, name: str, step: str, low: str, high: str) -> dict[str, Any]:
    made = action("", "step", step, name)
    return {"kind": "rating", "id": new_id("rating"), "scale": scale, "action": made, "low": low, "high": high}


def written(name: str, step: str) -> dict[str, Any]:
    made = action("Send", "step", step, name)
    return {"kind": "input", "id": new_id("input"), "lines": "several", "optional": True, "action": made}


def steps(*steps: tuple[str, str, list[dict[str, Any]]]) -> dict[str, Any]:
    return {"steps": [{"id": key, "name": name, "blocks": blocks} for key, name, blocks in steps]}


def thanks(html: str = "<h2>Thank you!</h2><p>That helps a lot.</p>") -> list[dict[str, Any]]:
    return [text(html), button("Done")]
