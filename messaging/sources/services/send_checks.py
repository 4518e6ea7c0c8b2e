"""Whether a message can be sent with these properties; the same for broadcasts and campaigns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from messaging import content as contents
from messaging.content.rendering import properties_of, render
from messaging.errors import BadTemplate, CannotSend
from messaging.messages.models import Message, MessageVersion

Problems = list[tuple[str, str]]


def latest(message: Message | None) -> MessageVersion | None:
    return message.versions.order_by("-number").first() if message else None


def exposed(message: Message | None) -> list[str]:
    """The names of the properties that the published message exposes, in its order."""
    version = latest(message)
    return properties_of(contents.read(version.content)) if version else []


def ready(message: Message | None, properties: Mapping[str, Any]) -> MessageVersion:
    """The version to send; raises CannotSend with everything that is missing."""
    version = sendable(message)
    content = contents.read(version.content)
    missing = [name for name in properties_of(content) if not str(properties.get(name, "")).strip()]
    if missing:
        raise CannotSend([(f"property_{name}", f"Fill in {name}: the message shows it.") for name in missing])
    try:
        render(content, properties=properties, customer={}, event={}, trigger={})
    except BadTemplate as error:
        raise CannotSend([("message", f"The message cannot be shown: {error}")]) from error
    return version


def sendable(message: Message | None) -> MessageVersion:
    """Its latest version; raises CannotSend when there is none, or it was archived."""
    version = latest(message)
    if message is None:
        raise CannotSend([("message", "Choose a message.")])
    if version is None or message.archived_at is not None:
        raise CannotSend([("message", f"“{message}” is not published. Publish it, or choose another message.")])
    return version


def used(message: Message | None, properties: Mapping[str, Any]) -> dict[str, str]:
    """Only the properties that the message exposes, as texts."""
    return {name: str(properties.get(name, "")) for name in exposed(message)}
