"""Real processes on one log: two at once, and one that dies at the worst moment."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import uuid
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.db import connection, transaction

from console.accounts.models import Workspace
from messaging.people.models import Person
from tests.people import make_workspace
from tests.stacks import ROOT
from tests.tracking.log import NOON, make_dismissal, make_tap
from tests.tracking.webhooks import make_webhook
from tracking import consumers
from tracking.consumers.models import Watermark
from tracking.ingest.models import Event, EventKind
from tracking.responses.models import Response
from tracking.rollups.differences import differences
from tracking.rollups.models import Bucket
from tracking.webhooks.models import WebhookDelivery

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]


def start(*dying: str) -> subprocess.Popen[str]:
    """A consumer process on the test's database, ready to begin."""
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "tests.chaos.consuming", *dying],
        cwd=ROOT, env=os.environ | {"DATABASE_URL": url}, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process


def write_log() -> int:
    """Sixty transactions of reports, and in their midst three strangers who turn out to be one person."""
    workspace = make_workspace().pk

    def call(kind: EventKind, **over: object) -> Event:
        return Event(workspace_id=workspace, key=uuid.uuid4(), kind=kind, occurred_at=NOON, **over)

    strangers = [call(EventKind.TRACK, anonymous_id=f"a{n}", name="x") for n in range(3)]
    Event.objects.bulk_create([*strangers, call(EventKind.TRACK, user_id="ada", name="x")])
    consumers.run_all()
    people = list(Person.objects.order_by("pk").values_list("pk", flat=True))
    for n in range(60):
        who = {"workspace_id": workspace, "person_id": people[n % 4]}
        reports = [make_tap(**who, occurred_at=NOON + timedelta(hours=n)), make_dismissal("esc", **who)]
        with transaction.atomic():
            Event.objects.bulk_create(reports)
            if n in (20, 30, 40):
                call(EventKind.IDENTIFY, anonymous_id=f"a{n // 10 - 2}", user_id="ada").save(force_insert=True)
    return workspace


def test_two_processes_at_once_count_everything_once() -> None:
    write_log()
    processes = [start(), start()]
    walked = []
    for process in processes:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        said, _ = process.communicate(timeout=60)
        assert process.returncode == 0
        walked.append(int(said))
    assert min(walked) > 0, walked
    assert [(one.rows, one.dead_letters) for one in consumers.lag()] == [(0, 0)] * 5
    assert Response.objects.count() == 120
    assert Response.objects.values("person_id").distinct().count() == 1
    assert differences() == []


@pytest.mark.parametrize("name", [consumer.name for consumer in consumers.CONSUMERS])
def test_a_follower_killed_between_its_work_and_its_commit_has_done_nothing(name: str) -> None:
    workspace = write_log()
    webhook = make_webhook(Workspace.objects.get(pk=workspace))
    before = Watermark.objects.get(consumer=name).tx
    done = {"responses": Response, "rollup": Bucket, "webhooks": WebhookDelivery}
    process = start(name)
    process.communicate("go\n", timeout=60)
    assert process.returncode == -signal.SIGKILL
    assert Watermark.objects.get(consumer=name).tx == before
    assert name not in done or not done[name].objects.exists()
    assert differences() == []
    consumers.run_all()
    assert Response.objects.count() == WebhookDelivery.objects.filter(webhook_id=webhook.pk).count() == 120
    assert differences() == []
