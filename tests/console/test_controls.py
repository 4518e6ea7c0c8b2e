"""Every control of every page, and who sees it: one table. Whoever adds a control adds it here.

A control that is shown works for whom it is shown to, and one that is not is refused.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from console.accounts.models import User
from messaging.messages import services as messages
from messaging.segments.models import Segment
from tests.console.cast import Cast, as_
from tests.console.controls import Controls, name_of
from tests.messaging.factories import make_broadcast, make_campaign
from tests.people import make_message, make_person, make_write_key
from tracking.ingest.models import EventKind
from tracking.rejections.models import Rejection
from tracking.webhooks.models import Webhook

# "name of the page": {"name of the control's address": who sees it}. V: viewer, A: author, O: owner.
EDIT_AND_MORE = {"messaging:campaign_edit": "AO", "POST messaging:source_duplicate": "AO"}
TABLE: dict[str, dict[str, str]] = {
    "dashboard": {"messaging:messages": "AO", "messaging:broadcasts": "AO"},
    "messages": {
        "messaging:message_new": "AO",
        "messaging:messages": "VAO",
        "POST messaging:message_duplicate": "AO",
        "POST messaging:message_archive": "AO",
    },
    "messages archived": {
        "messaging:message_new": "AO",
        "messaging:messages": "VAO",
        "POST messaging:message_duplicate": "AO",
        "POST messaging:message_restore": "AO",
    },
    "message new": {"POST messaging:message_new": "AO", "messaging:messages": "AO"},
    "message": {"POST messaging:message_rename": "AO"},
    "message archived": {},
    "broadcasts": {"messaging:broadcast_new": "AO"},
    "broadcast draft": {
        "messaging:broadcast_edit": "AO",
        "messaging:broadcast_send": "AO",
        "POST messaging:source_duplicate": "AO",
        "POST messaging:source_delete": "AO",
    },
    "broadcast scheduled": {
        "POST messaging:broadcast_unschedule": "AO",
        "POST messaging:broadcast_cancel": "AO",
        "POST messaging:source_duplicate": "AO",
    },
    "broadcast cancelled": {"POST messaging:source_duplicate": "AO"},
    "broadcast edit": {"POST messaging:broadcast_edit": "AO", "messaging:broadcast": "VAO"},
    "broadcast review": {
        "POST messaging:broadcast_send": "AO",
        "messaging:broadcast_edit": "AO",
        "messaging:broadcast": "AO",
    },
    "campaigns": {"messaging:campaign_new": "AO"},
    "campaign draft": EDIT_AND_MORE
    | {"POST messaging:campaign_move start": "AO", "POST messaging:source_delete": "AO"},
    "campaign running": EDIT_AND_MORE
    | {"POST messaging:campaign_move pause": "AO", "POST messaging:campaign_move finish": "AO"},
    "campaign paused": EDIT_AND_MORE
    | {"POST messaging:campaign_move resume": "AO", "POST messaging:campaign_move finish": "AO"},
    "campaign finished": {"POST messaging:source_duplicate": "AO"},
    "campaign edit": {"POST messaging:campaign_edit": "AO", "messaging:campaign": "VAO"},
    "recipients": {},
    "metrics": {"tracking:responses": "VAO", "tracking:responses_csv": "VAO"},
    "responses": {"tracking:responses": "VAO", "tracking:responses_csv": "VAO"},
    "people": {"messaging:people_import": "AO", "messaging:person_new": "AO"},
    "person": {"messaging:person_edit": "AO", "POST tracking:erase_person": "O"},
    "person new": {"POST messaging:person_new": "AO", "messaging:people": "AO"},
    "person edit": {"POST messaging:person_edit": "AO", "messaging:person": "AO"},
    "import": {"POST messaging:people_import": "AO", "messaging:people": "AO"},
    "segments": {"messaging:segment_new": "AO"},
    "segment": {"POST messaging:segment": "AO", "POST messaging:segment_delete": "AO"},
    "rejects": {},
    "reject": {"POST tracking:reject": "AO", "tracking:rejects": "VAO"},
    "webhooks": {"tracking:webhook_new": "O"},
    "webhook": {
        "tracking:webhook_edit": "O",
        "POST tracking:webhook_switch": "O",
        "POST tracking:webhook_rotate": "O",
        "POST tracking:webhook_test": "O",
        "POST tracking:webhook_delete": "O",
    },
    "webhook edit": {"POST tracking:webhook_edit": "O", "tracking:webhook": "O"},
    "members": {"POST console:members": "O", "POST console:member_role": "O", "POST console:member_remove": "O"},
    "keys": {"POST console:keys": "O", "POST console:key_revoke": "O"},
    "audit": {},
    "settings": {"POST console:settings": "O", "POST console:leave": "VAO"},
}


def pages(cast: Cast) -> dict[str, str]:
    """Every page of the workspace, in every state in which it offers something else."""
    ws = cast.workspace
    soon = timezone.now() + timedelta(days=1)
    draft, sent = make_broadcast(ws), make_broadcast(ws, "Sent", status="cancelled")
    waits = make_broadcast(ws, "Waits", status="scheduled", scheduled_at=soon)
    running = make_campaign(ws)
    paused = make_campaign(ws, "Paused", status="paused")
    finished = make_campaign(ws, "Finished", status="finished", finished_at=timezone.now())
    first = make_campaign(ws, "First", status="draft", started_at=None)
    message, archived = make_message(ws, "Written"), make_message(ws, "Old")
    messages.archive(archived, by=None)
    segment = Segment.objects.create(workspace=ws, name="Pro", rules={})
    person = make_person(ws, "ada")
    reject = Rejection.objects.create(workspace_id=ws.pk, code="bad", detail="Bad.", item={})
    webhook = Webhook.objects.create(workspace=ws, url="https://example.org/hook", kinds=[EventKind.CLICKED])
    make_write_key(ws)

    def at(name: str, **kwargs: object) -> str:
        return reverse(name, kwargs={"workspace": ws.slug, **kwargs})

    return {
        "dashboard": at("console:dashboard"),
        "messages": at("messaging:messages"),
        "messages archived": at("messaging:messages") + "?archived=1",
        "message new": at("messaging:message_new"),
        "message": at("messaging:message", pk=message.pk),
        "message archived": at("messaging:message", pk=archived.pk),
        "broadcasts": at("messaging:broadcasts"),
        "broadcast draft": at("messaging:broadcast", pk=draft.pk),
        "broadcast scheduled": at("messaging:broadcast", pk=waits.pk),
        "broadcast cancelled": at("messaging:broadcast", pk=sent.pk),
        "broadcast edit": at("messaging:broadcast_edit", pk=draft.pk),
        "broadcast review": at("messaging:broadcast_send", pk=draft.pk),
        "campaigns": at("messaging:campaigns"),
        "campaign draft": at("messaging:campaign", pk=first.pk),
        "campaign running": at("messaging:campaign", pk=running.pk),
        "campaign paused": at("messaging:campaign", pk=paused.pk),
        "campaign finished": at("messaging:campaign", pk=finished.pk),
        "campaign edit": at("messaging:campaign_edit", pk=running.pk),
        "recipients": at("messaging:source_people", kind="campaigns", pk=running.pk),
        "metrics": at("tracking:metrics", kind="campaigns", pk=running.pk),
        "responses": at("tracking:responses", kind="campaigns", pk=running.pk),
        "people": at("messaging:people"),
        "person": at("messaging:person", pk=person.pk),
        "person new": at("messaging:person_new"),
        "person edit": at("messaging:person_edit", pk=person.pk),
        "import": at("messaging:people_import"),
        "segments": at("messaging:segments"),
        "segment": at("messaging:segment", pk=segment.pk),
        "rejects": at("tracking:rejects"),
        "reject": at("tracking:reject", pk=reject.pk),
        "webhooks": at("tracking:webhooks"),
        "webhook": at("tracking:webhook", pk=webhook.pk),
        "webhook edit": at("tracking:webhook_edit", pk=webhook.pk),
        "members": at("console:members"),
        "keys": at("console:keys"),
        "audit": at("console:audit"),
        "settings": at("console:settings"),
    }


@pytest.fixture
def addresses(cast: Cast) -> dict[str, str]:
    return pages(cast)


def roles(cast: Cast) -> dict[str, User]:
    return {"V": cast.vic, "A": cast.ann, "O": cast.alice}


def shown(client: Client, page: str) -> Controls:
    """Nothing, where the page itself is refused."""
    answer = client.get(page)
    return Controls(page, answer.content.decode() if answer.status_code == 200 else "")


def test_every_control_is_shown_to_whom_the_table_says(cast: Cast, addresses: dict[str, str]) -> None:
    found: dict[str, dict[str, str]] = {}
    for page, address in addresses.items():
        seen = {letter: shown(as_(user), address).names for letter, user in roles(cast).items()}
        every = set().union(*seen.values())
        found[page] = {control: "".join(letter for letter in "VAO" if control in seen[letter]) for control in every}
    assert found == TABLE


@pytest.mark.parametrize("letter", "VA")
def test_a_control_that_is_not_shown_is_refused(cast: Cast, addresses: dict[str, str], letter: str) -> None:
    client, accepted = as_(roles(cast)[letter]), []
    for page, address in addresses.items():
        for path in shown(as_(cast.alice), address).posts:
            if letter in TABLE[page][f"POST {name_of(path)}"]:
                continue
            if client.post(path).status_code != 403:
                accepted.append(f"{page}: {path}")
    assert accepted == []


@pytest.mark.parametrize("letter", "VAO")
def test_a_control_that_is_shown_is_not_refused(cast: Cast, addresses: dict[str, str], letter: str) -> None:
    client, refused = as_(roles(cast)[letter]), []
    for page, address in addresses.items():
        for path in shown(client, address).posts:
            with transaction.atomic():  # each on the workspace as it is
                if client.post(path).status_code in (403, 404, 405, 500):
                    refused.append(f"{page}: {path}")
                transaction.set_rollback(True)
    assert refused == []
