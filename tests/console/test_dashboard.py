from __future__ import annotations

import pytest
from django.utils import timezone

from messaging.broadcasts.models import Broadcast
from messaging.common.source_kinds import SourceKind
from messaging.messages.models import Message, MessageVersion
from messaging.snapshots.models import Snapshot
from tests.console.cast import Cast, as_
from tests.people import make_message, make_person, make_write_key
from tracking.ingest.models import Event, EventKind


class TestTheDashboard:
    @pytest.mark.parametrize("who", ["alice", "ann", "vic"])
    def test_is_seen_by_members(self, cast: Cast, who: str) -> None:
        assert as_(getattr(cast, who)).get(cast.url()).status_code == 200

    def test_is_hidden_from_strangers(self, cast: Cast) -> None:
        assert as_(cast.charlie).get(cast.url()).status_code == 404

    def test_takes_no_post(self, cast: Cast) -> None:
        assert as_(cast.alice).post(cast.url()).status_code == 405

    def test_ticks_the_steps_from_what_is_there(self, cast: Cast) -> None:
        def done() -> list[str]:
            page = as_(cast.alice).get(cast.url())
            return [step.title for step in page.context["steps"] if step.done]

        assert done() == ["Bring in a colleague"]
        make_write_key(cast.workspace)
        assert done() == ["Create a write key", "Bring in a colleague"]
        Event.objects.create(
            workspace_id=cast.workspace.pk,
            key="00000000-0000-0000-0000-000000000001",
            kind=EventKind.TRACK,
            occurred_at=timezone.now(),
        )
        make_person(cast.workspace)
        send(cast, "Hello")
        assert done() == [
            "Create a write key",
            "Connect your app",
            "Meet your people",
            "Publish a message",
            "Send it",
            "Bring in a colleague",
        ]
        assert "Getting started" not in as_(cast.alice).get(cast.url()).content.decode()

    def test_leaves_a_hole_for_the_numbers_of_each_source(self, cast: Cast) -> None:
        broadcast = send(cast, "Hello")
        page = as_(cast.vic).get(cast.url()).content.decode()
        assert f'hx-get="/w/acme/broadcasts/{broadcast.pk}/numbers/"' in page

    def test_counts_what_is_in_this_workspace(self, cast: Cast) -> None:
        make_person(cast.workspace, "p1")
        make_person(cast.workspace, "p2")
        send(cast, "Hello")
        own = as_(cast.vic).get(cast.url("counts/")).context["facts"]
        other = as_(cast.charlie).get("/w/other/counts/").context["facts"]
        assert [count for _, count, _ in own] == [2, 1, 1, 0]
        assert [count for _, count, _ in other] == [0, 0, 0, 0]


def send(cast: Cast, name: str) -> Broadcast:
    message: Message = make_message(cast.workspace, name)
    version = MessageVersion.objects.create(message=message, number=1, content=message.draft)
    snapshot = Snapshot.objects.create(
        workspace=cast.workspace,
        source_kind=SourceKind.BROADCAST,
        source_id=1,
        message=message,
        version=version,
        actions=[],
        personal=False,
    )
    now = timezone.now()
    return Broadcast.objects.create(
        workspace=cast.workspace,
        name=name,
        message=message,
        snapshot=snapshot,
        status="finished",
        started_at=now,
        finished_at=now,
    )
