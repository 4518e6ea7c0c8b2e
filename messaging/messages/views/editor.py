"""The editor's page and what its script asks of the server: save, preview, publish. JSON in, JSON out."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import msgspec
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from console.accounts.access import WorkspaceRequest, may_write
from console.accounts.middleware import only_reads, policy
from console.common.json_reader import BadJSON, read_json
from messaging import blocks
from messaging import content as contents
from messaging.common import safety
from messaging.content import rendering, review
from messaging.errors import BadContent, BadTemplate, StaleDraft
from messaging.messages import services as messages
from messaging.messages.models import Message
from messaging.people.models import Person

LARGEST = 400_000  # bytes of a request
POLICY = {
    "frame-src": ["'self'"],  # the preview
    "require-trusted-types-for": ["'script'"],
    "trusted-types": ["dompurify"],  # nothing but the sanitiser may make HTML of a text here
}


class Save(msgspec.Struct):
    draft: Any
    revision: int


class Preview(msgspec.Struct):
    draft: Any
    properties: dict[str, str] = {}
    person: str = ""


class Publish(msgspec.Struct):
    revision: int


@require_safe
@policy(POLICY)
def page(request: WorkspaceRequest, pk: int) -> HttpResponse:
    message = get_object_or_404(Message.objects.of(request.workspace), pk=pk)
    keys = {"workspace": request.workspace.slug, "pk": pk}
    setup = {
        "draft": contents.write(contents.read(message.draft)),
        "revision": message.revision,
        "message": pk,
        "readonly": not may_write(request) or message.archived_at is not None,
        "save": reverse("messaging:message_draft", kwargs=keys),
        "preview": reverse("messaging:message_preview", kwargs=keys),
        "publish": reverse("messaging:message_publish", kwargs=keys),
        "sign_in": f"{reverse('account_login')}?{urlencode({'next': request.path})}",
        "user": request.user.pk,
        "published": messages.published(message),
    }
    context = {"message": message, "setup": setup, "rules": safety.RULES, "kinds": list(blocks.KINDS)}
    return render(request, "messaging/messages/edit.html", context)


@require_POST
def draft(request: WorkspaceRequest, pk: int) -> JsonResponse:
    message = get_object_or_404(Message.objects.of(request.workspace).active(), pk=pk)
    try:
        asked = _body(request, Save)
        revision = messages.save_draft(message, draft=asked.draft, revision=asked.revision, by=request.user)
    except BadContent as refusal:
        return _refused(refusal)
    except StaleDraft:
        return _stale(pk)
    message.refresh_from_db()
    return JsonResponse({"revision": revision, "published": messages.published(message)})


@only_reads
@require_POST
def preview(request: WorkspaceRequest, pk: int) -> JsonResponse:
    """What a person would see, with sample properties; and what the reviewer says of the draft."""
    get_object_or_404(Message.objects.of(request.workspace), pk=pk)
    try:
        asked = _body(request, Preview)
        content = contents.read(asked.draft)
    except BadContent as refusal:
        return _refused(refusal)
    person = _person(request, asked.person)
    customer = {**person.attributes, "id": person.external_id} if person else {}
    shown = rendering.render(content, properties=asked.properties, customer=customer, lenient=True)
    return JsonResponse(
        {
            "content": contents.write(shown),
            "properties": _properties(content),
            "person": bool(person),
            "errors": msgspec.to_builtins(review.errors(content)),
            "warnings": msgspec.to_builtins(review.warnings(content)),
        }
    )


@require_POST
def publish(request: WorkspaceRequest, pk: int) -> JsonResponse:
    message = get_object_or_404(Message.objects.of(request.workspace).active(), pk=pk)
    try:
        asked = _body(request, Publish)
        version = messages.publish(message, revision=asked.revision, by=request.user)
    except BadContent as refusal:
        return _refused(refusal)
    except StaleDraft:
        return _stale(pk)
    return JsonResponse({"version": version.number})


def _person(request: WorkspaceRequest, external_id: str) -> Person | None:
    if not external_id or "\x00" in external_id:
        return None
    return Person.objects.of(request.workspace).filter(external_id=external_id).first()


def _properties(content: contents.Content) -> list[str]:
    try:
        return rendering.properties_of(content)
    except BadTemplate:
        return []


T = Any


def _body(request: WorkspaceRequest, kind: type[T]) -> T:
    if len(request.body) > LARGEST:
        raise BadContent([("/", f"The request is larger than {LARGEST // 1000} KB.")])
    try:
        return msgspec.convert(read_json(request.body), kind)
    except (msgspec.ValidationError, BadJSON) as error:
        raise BadContent([("/", f"This is not what the editor sends: {error}.")]) from error


def _stale(pk: int) -> JsonResponse:
    """The revision that stands now, so that the author may choose between it and what is in the browser."""
    now = Message.objects.get(pk=pk).revision
    return JsonResponse(
        {"revision": now, "errors": [_error("", "", "Somebody saved this message meanwhile.")]}, status=409
    )


def _refused(refusal: BadContent) -> JsonResponse:
    places = [(*where.rpartition("/")[::2], what) for where, what in refusal.errors]
    return JsonResponse({"errors": [_error(where, field, what) for where, field, what in places]}, status=422)


def _error(where: str, field: str, text: str) -> dict[str, str]:
    return {"where": where, "field": field, "text": text}
