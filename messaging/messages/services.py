"""Messages: written as a draft, published as immutable versions, archived."""

from __future__ import annotations

from typing import Any

import msgspec
from django.db import transaction
from django.utils import timezone
from msgspec.structs import replace

from console.accounts.models import User, Workspace
from console.accounts.services import audit
from messaging import content as contents
from messaging.common import unique_names
from messaging.content import Content, review
from messaging.errors import BadContent, StaleDraft
from messaging.messages.models import Message, MessageVersion

LARGEST = 200_000  # bytes of a draft as JSON


@transaction.atomic
def create(*, workspace: Workspace, name: str, draft: Any, by: User | None) -> Message:
    """Raises BadContent, ValidationError (the name is taken or empty)."""
    message = Message(workspace=workspace, name=name.strip(), draft=_clean(draft), created_by=by)
    message.full_clean(exclude=["created_by"])
    message.save()
    audit.record(workspace=workspace, by=by, verb="message.created", target=message)
    return message


@transaction.atomic
def rename(message: Message, *, name: str, by: User | None) -> None:
    """Raises ValidationError (the name is taken or empty)."""
    before, message.name = message.name, name.strip()
    message.full_clean(exclude=["draft", "created_by"])
    if before != message.name:
        Message.objects.filter(pk=message.pk).update(name=message.name, updated_at=timezone.now())
        audit.record(
            workspace=message.workspace, by=by, verb="message.renamed", target=message, changes={"name": [before, name]}
        )


@transaction.atomic
def duplicate(message: Message, *, by: User | None) -> Message:
    """The draft under a free name."""
    names = set(Message.objects.of(message.workspace).values_list("name", flat=True))
    name = unique_names.copy_name(message.name, names)
    return create(workspace=message.workspace, name=name, draft=message.draft, by=by)


@transaction.atomic
def save_draft(message: Message, *, draft: Any, revision: int, by: User | None) -> int:
    """Save what was edited from `revision` on; gives the new one. Raises BadContent, StaleDraft (nothing is changed).

    Saving writes an audit row only when the draft differs.
    """
    clean = _clean(draft)
    if clean == message.draft and revision == message.revision:
        return revision
    saved = Message.objects.filter(pk=message.pk, revision=revision).update(
        draft=clean, revision=revision + 1, updated_at=timezone.now()
    )
    if not saved:
        raise StaleDraft
    audit.record(
        workspace=message.workspace, by=by, verb="message.edited", target=message, changes={"revision": revision + 1}
    )
    return revision + 1


@transaction.atomic
def publish(message: Message, *, by: User | None, revision: int | None = None) -> MessageVersion:
    """Freeze the draft as the next version; an unchanged one is the latest version.

    Raises BadContent, and StaleDraft when the draft is not the one of `revision`, which the author looked at.
    """
    message = Message.objects.select_for_update().select_related("workspace").get(pk=message.pk)
    if revision is not None and revision != message.revision:
        raise StaleDraft
    content = contents.read(message.draft)
    if wrong := review.errors(content):
        raise BadContent([(f"{remark.where}/{remark.field}", remark.text) for remark in wrong])
    frozen, latest = contents.write(content), message.versions.first()
    if latest is not None and latest.content == frozen:
        return latest
    version = MessageVersion.objects.create(
        message=message, number=latest.number + 1 if latest else 1, content=frozen, published_by=by
    )
    changes = {"version": version.number}
    audit.record(workspace=message.workspace, by=by, verb="message.published", target=message, changes=changes)
    return version


@transaction.atomic
def archive(message: Message, *, by: User | None) -> None:
    """Out of the lists and choices; what was sent goes on being counted."""
    if Message.objects.active().filter(pk=message.pk).update(archived_at=timezone.now()):
        audit.record(workspace=message.workspace, by=by, verb="message.archived", target=message)


@transaction.atomic
def restore(message: Message, *, by: User | None) -> None:
    if Message.objects.filter(pk=message.pk, archived_at__isnull=False).update(archived_at=None):
        audit.record(workspace=message.workspace, by=by, verb="message.restored", target=message)


def published(message: Message) -> dict[str, Any]:
    """The number of the latest version (0: there is none), and whether the draft is another one."""
    latest = message.versions.first()
    if latest is None:
        return {"version": 0, "changed": True}
    return {"version": latest.number, "changed": is_changed(message, latest)}


def is_changed(message: Message, latest: MessageVersion) -> bool:
    return bool(latest.content != contents.write(contents.read(message.draft)))


def _clean(draft: Any) -> Any:
    """The draft as the schema writes it, so that equal drafts are equal JSON, with safe HTML. Raises BadContent."""
    content = _sanitised(contents.read(draft))
    try:
        raw = msgspec.json.encode(content)
    except ValueError as error:
        raise BadContent([("/", "The message holds characters that are no text.")]) from error
    if b"\\u0000" in raw:
        raise BadContent([("/", "The message holds a NUL character: remove it.")])
    if len(raw) > LARGEST:
        raise BadContent([("/", f"The message is larger than {LARGEST // 1000} KB: shorten it.")])
    return contents.write(content)


def _sanitised(content: Content) -> Content:
    steps = (replace(step, blocks=tuple(block.clean() for block in step.blocks)) for step in content.steps)
    return replace(content, steps=tuple(steps))
