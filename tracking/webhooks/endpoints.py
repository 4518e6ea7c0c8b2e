"""Endpoints: made, changed, switched, tried out. Every change is in the audit log, without secrets."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from asgiref.sync import async_to_sync
from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from console.accounts.models import User, Workspace
from console.accounts.services import audit
from console.common.errors import Conflict
from tracking.consumers.runner import hold
from tracking.ingest.models import EventKind
from tracking.webhooks import http_client, outbox, payload
from tracking.webhooks.models import DeliveryState, Webhook, WebhookDelivery
from tracking.webhooks.payload import SignedRequest

MOST = 20
"""Endpoints of one workspace: each of its reports is sent to all of them."""


class WebhookError(Conflict):
    """It cannot be done; the text says why, and what to do."""


def create(*, workspace: Workspace, url: str, kinds: Sequence[int], by: User | None) -> Webhook:
    """`url` as `addresses.read` gives it. Raises WebhookError. `payload.secret` gives its secret, to be shown once.

    The consumer is held meanwhile: so nothing that is received from now on was gone past without this endpoint.
    """
    with _once():
        hold("webhooks")
        if Webhook.objects.of(workspace).count() >= MOST:
            raise WebhookError(f"A workspace has {MOST} webhooks at most. Delete one that is not needed.")
        webhook = Webhook.objects.create(workspace=workspace, url=url, kinds=sorted(kinds))
        webhook.refresh_from_db()
        _record(webhook, by, "webhook.created", {"url": url, "wants": ", ".join(webhook.metrics)})
        return webhook


def change(webhook: Webhook, *, url: str, kinds: Sequence[int], by: User) -> None:
    """Raises WebhookError. What is in the outbox already goes to the new address too."""
    with _once():
        kept = _locked(webhook)
        before = {"url": kept.url, "wants": ", ".join(kept.metrics)}
        kept.url, kept.kinds = url, sorted(kinds)
        after = {"url": kept.url, "wants": ", ".join(kept.metrics)}
        changes = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
        if changes:
            kept.save(update_fields=["url", "kinds"])
            _record(kept, by, "webhook.changed", changes)


@transaction.atomic
def switch(webhook: Webhook, *, on: bool, by: User) -> None:
    """On: with a clean slate, and what still waits goes out. Off: nothing is sent, nothing new is kept for it."""
    kept = _locked(webhook)
    if kept.active == on:
        return
    kept.active, kept.gave_up_at = on, None
    for field, value in outbox.CLEAN.items():
        setattr(kept, field, value)
    kept.save()
    _record(kept, by, "webhook.switched_on" if on else "webhook.switched_off")


@transaction.atomic
def rotate(webhook: Webhook, *, by: User) -> Webhook:
    """A new secret, in force at once; the old one signs nothing any more."""
    kept = _locked(webhook)
    kept.generation += 1
    kept.save(update_fields=["generation"])
    _record(kept, by, "webhook.secret_rotated")
    return kept


@transaction.atomic
def delete(webhook: Webhook, *, by: User) -> None:
    """What waits in its outbox is never sent; `outbox.prune` clears that away."""
    kept = _locked(webhook)
    _record(kept, by, "webhook.deleted")
    kept.delete()


def test(webhook: Webhook, *, by: User) -> WebhookDelivery:
    """Send it an event of nobody, once, now, whether it is switched on or off; returns what came of it.

    It counts neither for nor against the endpoint.
    """
    key, kind = uuid.uuid4(), EventKind.CLICKED if EventKind.CLICKED in webhook.kinds else EventKind(webhook.kinds[0])
    answer = _post(SignedRequest(webhook.url, payload.secret(webhook), payload.sample(key, kind)))
    with transaction.atomic():
        _record(webhook, by, "webhook.tested", {"arrived": answer.ok})
        return WebhookDelivery.objects.create(
            workspace_id=webhook.workspace_id,
            webhook_id=webhook.pk,
            key=key,
            kind=kind,
            state=DeliveryState.SENT if answer.ok else DeliveryState.GIVEN_UP,
            attempts=1,
            tried_at=Now(),
            error=answer.error,
        )


@async_to_sync
async def _post(request: SignedRequest) -> http_client.PostResult:
    async with http_client.session() as session:
        return await http_client.post(session, request)


@transaction.atomic
def retry(webhook: Webhook, delivery: WebhookDelivery, *, by: User) -> None:
    """Make it due now, though it was given up. Raises WebhookError where that would not send it."""
    if delivery.state == DeliveryState.SENT:
        raise WebhookError("It has arrived already, and is not sent again.")
    if delivery.is_test:
        raise WebhookError("Tests are sent once. Send another.")
    WebhookDelivery.objects.of(webhook).filter(pk=delivery.pk).exclude(state=DeliveryState.SENT).update(
        state=DeliveryState.WAITING, due_at=Now()
    )
    kept = _locked(webhook)  # after the row, as `outbox.settle` does, so that nobody waits in a ring
    if not kept.active:
        raise WebhookError("The webhook is switched off. Switch it on, and what waits is sent.")
    if kept.paused_until is not None:
        kept.paused_until = None
        kept.save(update_fields=["paused_until"])
    _record(kept, by, "webhook.retried", {"event": str(delivery.key)})


def _locked(webhook: Webhook) -> Webhook:
    return Webhook.objects.select_for_update(no_key=True).get(pk=webhook.pk, workspace_id=webhook.workspace_id)


def _record(webhook: Webhook, by: User | None, verb: str, changes: dict[str, Any] | None = None) -> None:
    audit.record(workspace=webhook.workspace, by=by, verb=verb, target=webhook, changes=changes)


@contextmanager
def _once() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "webhook_url_once" not in str(error):
            raise
        raise WebhookError("There is a webhook with this address already. Change that one.") from None
