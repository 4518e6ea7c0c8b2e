from __future__ import annotations

import csv
import io
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from console.accounts.models import Role, Workspace
from messaging.people.models import Person
from messaging.snapshots.models import Snapshot
from tests.people import make_member, make_person, make_user, make_workspace
from tests.tracking.reported import dismissed, make_broadcast, opened, tapped
from tests.tracking.tally_factories import action
from tracking.consumers.models import Watermark
from tracking.ingest.models import Event
from tracking.responses.models import Response
from tracking.responses.rows import FOLLOWER

pytestmark = pytest.mark.django_db


@pytest.fixture
def snapshot(workspace: Workspace) -> Snapshot:
    broadcast = make_broadcast(workspace)
    assert broadcast.snapshot
    return broadcast.snapshot


@pytest.fixture
def person(workspace: Workspace) -> Person:
    return make_person(workspace, "ada", first_name="Ada")


@pytest.fixture
def get(client: Client, workspace: Workspace, snapshot: Snapshot):
    client.force_login(make_member(workspace, Role.VIEWER, "vic"))

    def get(query: str = "", page: str = "responses/"):
        return client.get(f"/w/acme/broadcasts/{snapshot.source_id}/{page}{query}")

    return get


def file(event: Event) -> None:
    """What the consumer does: keep the response, and move the mark past it (in a transaction before the others)."""
    Response.objects.create(
        workspace_id=event.workspace_id,
        person_id=event.person_id,
        key=event.key,
        delivery_id=event.delivery_id,
        snapshot_id=event.snapshot_id,
        source_kind=event.source_kind,
        source_id=event.source_id,
        message_id=event.message_id,
        action_id=event.action_id,
        name=event.name,
        dismissal=event.kind == 9,
        value=event.value or "",
        occurred_at=event.occurred_at,
    )
    Event.objects.filter(workspace_id=event.workspace_id, key=event.key).update(tx=1)
    Watermark.objects.update_or_create(consumer=FOLLOWER, defaults={"tx": 1})


def rows(answer) -> list[tuple[str, str]]:
    return [(item["person"], item["row"].name) for item in answer.context["named"]]


def test_a_stranger_finds_neither_rows_nor_export(client: Client, snapshot: Snapshot) -> None:
    client.force_login(make_user("charlie"))
    assert client.get(f"/w/acme/broadcasts/{snapshot.source_id}/responses/").status_code == 404
    assert client.get(f"/w/acme/broadcasts/{snapshot.source_id}/responses.csv").status_code == 404


def test_a_response_is_listed_at_once_before_it_is_filed(get, snapshot: Snapshot, person: Person) -> None:
    opened(snapshot, person)
    tapped(snapshot, person)
    tapped(snapshot, person, test=True)
    answer = get()
    assert rows(answer) == [("ada", "Count me in")]
    assert answer.context["number"] == 1
    assert f"/w/acme/people/{person.pk}/" in answer.content.decode()


def test_a_filed_response_is_listed_once(get, snapshot: Snapshot, person: Person) -> None:
    file(tapped(snapshot, person))
    assert rows(get()) == [("ada", "Count me in")]


def test_responses_of_other_workspaces_and_sources_are_not_listed(
    get, snapshot: Snapshot, workspace: Workspace
) -> None:
    tapped(make_broadcast(workspace, "Other").snapshot, 1)
    tapped(make_broadcast(make_workspace("Foreign")).snapshot, 1)
    assert rows(get()) == []


def test_the_list_is_as_long_as_the_number_that_opened_it(get, snapshot: Snapshot) -> None:
    for person in range(1, 7):
        tapped(snapshot, person)
        tapped(snapshot, person, "nps.9", value="9")
    dismissed(snapshot, 8)
    tapped(snapshot, 1, occurred_at=timezone.now() - timedelta(days=20))
    report = get("?range=7", "metrics/").context["report"]
    [message] = report.messages
    entries = [row for entry in message.entries for row in getattr(entry, "rows", [entry])]
    assert sum(row.total for row in entries) == report.responses == 13
    assert len(rows(get("?range=7"))) == 13
    for row in entries:
        answer = get(f"?range=7&message={message.id}&action={row.action_id}&name={row.name}")
        assert len(rows(answer)) == answer.context["number"] == row.total


def test_clicks_and_dismissals_are_told_apart(get, snapshot: Snapshot) -> None:
    tapped(snapshot, 1)
    file(dismissed(snapshot, 2))
    dismissed(snapshot, 3)
    assert [name for _, name in rows(get("?only=clicks"))] == ["Count me in"]
    assert [name for _, name in rows(get("?only=dismissals"))] == ["Dismissed", "Dismissed"]


def test_pages_follow_one_another_without_loss_also_at_the_same_moment(get, snapshot: Snapshot) -> None:
    at = timezone.now()
    for number in range(120):
        tapped(snapshot, number, occurred_at=at - timedelta(seconds=number // 30))
    seen: list[uuid.UUID] = []
    after = ""
    while True:
        answer = get(f"?after={after}" if after else "")
        seen += [item["row"].key for item in answer.context["named"]]
        if answer.context["older"] is None:
            break
        after = str(answer.context["older"]).replace("+", "%2B")
    assert len(seen) == len(set(seen)) == 120


@pytest.mark.parametrize(
    "query",
    [
        "?message=x",
        "?only=taps",
        "?after=nonsense",
        "?after=2026-11-24_x",
        "?name=%00",
        "?range=x",
        f"?message={9**30}",
    ],
)
def test_nonsense_in_the_address_gets_a_clear_message(get, query: str) -> None:
    assert get(query).status_code == 422
    assert get(query, "responses.csv").status_code == 422


def read(answer) -> list[list[str]]:
    content = b"".join(answer.streaming_content)
    assert content.startswith(b"\xef\xbb\xbf")  # else Excel shows accents as two letters each
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_the_export_has_the_rows_of_the_same_filters(get, snapshot: Snapshot, person: Person) -> None:
    tapped(snapshot, person)
    file(dismissed(snapshot, person))
    header, row = read(get("?only=clicks", "responses.csv"))
    assert header[:2] == ["When (UTC)", "Person"]
    assert row[1:8] == ["ada", str(person.pk), "Message of News", "Count me in", "yes", "", "no"]
    assert len(read(get("", "responses.csv"))) == 3


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_no_cell_of_an_export_is_a_formula(client: Client, workspace: Workspace, name: str) -> None:
    broadcast = make_broadcast(workspace, "Formula", action("x", name))
    tapped(broadcast.snapshot, make_person(workspace, "=cmd|'/c calc'!A0"), "x", value="=2")
    client.force_login(make_member(workspace, Role.VIEWER, "vic"))
    row = read(client.get(f"/w/acme/broadcasts/{broadcast.pk}/responses.csv"))[1]
    assert row[4] == "'" + name
    assert row[1].startswith("'=")
    assert row[6] == "'=2"


def test_somebody_erased_stays_as_a_number_without_a_name(get, snapshot: Snapshot) -> None:
    tapped(snapshot, 987654)
    assert rows(get()) == [("deleted person", "Count me in")]
