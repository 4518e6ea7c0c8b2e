"""A response that was acknowledged is in the next answer of the metrics page; no worker runs in these tests."""

from __future__ import annotations

import asyncio

import pytest
from django.test import Client

from console.accounts.models import Role
from tests.people import make_member, make_secret_key, make_workspace
from tests.tracking.ingest import Caller, make_delivery, report
from tests.tracking.reported import make_broadcast
from tests.tracking.test_ingest_fast_handler import post
from tracking.consumers.models import Watermark
from tracking.ingest.fast_handler import IngestHandler
from tracking.responses.models import Response
from tracking.rollups.models import Bucket


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ["fast handler", "api"])
def test_an_acknowledged_response_is_visible_at_once_with_no_worker(client: Client, how: str) -> None:
    workspace = make_workspace()
    broadcast = make_broadcast(workspace)
    assert broadcast.snapshot
    call = Caller(client, workspace)
    secret = make_secret_key(workspace)
    tap = report(make_delivery(broadcast.snapshot), "clicked", actionId="yes", actionName="Count me in")
    client.force_login(make_member(workspace, Role.VIEWER, "vic"))

    def page() -> str:
        answer = client.get(f"/w/acme/broadcasts/{broadcast.pk}/metrics/")
        return " ".join(answer.content.decode().split())

    def numbers() -> tuple[int, int, int]:
        url = f"/api/metrics/broadcasts/{broadcast.pk}"
        said = client.get(url, headers={"authorization": f"Bearer {secret}"}).json()
        [row] = [row for row in said["messages"][0]["tracked_responses"] if row["action_id"] == "yes"]
        return said["responses"], row["total"], row["people"]

    before = page()
    for times in (1, 2):
        sent = tap | {"messageId": f"m{times}"}
        if how == "api":
            assert call.verdicts("track", sent) == ["accepted"]
        else:
            assert asyncio.run(_through(IngestHandler(), sent, call.key)) == "accepted"
        assert numbers() == (times, times, 1)
    assert page() != before
    assert not Bucket.objects.exists()
    assert not Response.objects.exists()
    assert not Watermark.objects.exclude(consumer="webhooks").exists()  # a migration sets that one


async def _through(handler: IngestHandler, body: object, key: str) -> str:
    status, _, said = await post(handler, "/v1/track", body, key)
    await handler.drain()
    assert status == 200
    return str(said["results"][0]["verdict"])
