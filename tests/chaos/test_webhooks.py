"""Real senders on one outbox: two at once, and one that dies between the answer and writing it down."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from ipaddress import ip_network
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection

from tests.people import make_workspace
from tests.stacks import ROOT
from tests.tracking.log import make_tap
from tests.tracking.receiver import Post, Receiver, receiving
from tests.tracking.webhooks import later, make_webhook
from tracking import consumers
from tracking.ingest.models import Event
from tracking.webhooks import outbox, payload, sender
from tracking.webhooks.models import DeliveryState, WebhookDelivery

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.WEBHOOK_ALLOW = [ip_network("127.0.0.0/8")]
    with receiving() as server:
        yield server


def start(*dying: str) -> subprocess.Popen[str]:
    """A sender process on the test's database, ready to begin."""
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    more = {"DATABASE_URL": url, "EARSHOT_WEBHOOK_ALLOW": "127.0.0.0/8", "SECRET_KEY": payload.settings.SECRET_KEY}
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "tests.chaos.sending", *dying],
        cwd=ROOT, env=os.environ | more, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process


def fill(receiver: Receiver, endpoints: int, events: int) -> set[tuple[str, str]]:
    """An outbox of so many; returns (path, event id) of all that is to arrive."""
    workspace = make_workspace()
    for n in range(endpoints):
        make_webhook(workspace, receiver.url(f"/{n}"))
    taps = [make_tap(workspace_id=workspace.pk) for _ in range(events)]
    Event.objects.bulk_create(taps)
    consumers.run_all()
    return {(f"/{n}", str(tap.key)) for n in range(endpoints) for tap in taps}


def test_two_processes_at_once_send_everything_once(receiver: Receiver) -> None:
    wanted = fill(receiver, endpoints=3, events=100)

    def answer(post: Post) -> int:
        time.sleep(0.1)
        return 200

    receiver.answer = answer
    processes = [start(), start()]
    for process in processes:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    tries = []
    for process in processes:
        said, _ = process.communicate(timeout=60)
        assert process.returncode == 0
        tries.append(int(said))
    assert min(tries) > 0, tries
    assert Counter((post.path, post.event_id) for post in receiver.posts) == Counter(wanted)
    assert WebhookDelivery.objects.filter(state=DeliveryState.SENT, attempts=1).count() == len(wanted)


def test_what_a_killed_sender_had_sent_is_sent_again_under_the_same_id(receiver: Receiver) -> None:
    wanted = fill(receiver, endpoints=1, events=3)
    process = start("dying")
    process.communicate("go\n", timeout=60)
    assert process.returncode == -signal.SIGKILL
    assert WebhookDelivery.objects.filter(state=DeliveryState.WAITING, attempts=1).count() == 3
    before = Counter(receiver.event_ids)
    assert before
    assert sender.send() == 0
    later(outbox.LEASE.total_seconds() + 1)
    assert sender.send() == 3
    assert Counter(receiver.event_ids) - before == Counter(event_id for _, event_id in wanted)
    assert set(receiver.event_ids) == {event_id for _, event_id in wanted}
    assert not WebhookDelivery.objects.exclude(state=DeliveryState.SENT).exists()
