from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from console.accounts.models import Role, User, Workspace
from messaging.broadcasts.models import Broadcast
from messaging.snapshots.models import Snapshot
from tests.people import make_member, make_user, make_workspace
from tests.tracking.reported import dismissed, make_broadcast, make_snapshot, opened, send, tapped
from tests.tracking.tally_factories import action
from tracking.metrics.tracked import Question, Row

pytestmark = pytest.mark.django_db
NOW = timezone.now


@pytest.fixture
def viewer(workspace: Workspace) -> User:
    return make_member(workspace, Role.VIEWER, "vic")


@pytest.fixture
def broadcast(workspace: Workspace) -> Broadcast:
    return make_broadcast(workspace)


@pytest.fixture
def snapshot(broadcast: Broadcast) -> Snapshot:
    assert broadcast.snapshot
    return broadcast.snapshot


@pytest.fixture
def look(client: Client, viewer: User, broadcast: Broadcast):
    client.force_login(viewer)

    def get(query: str = "", **headers: str):
        return client.get(f"/w/acme/broadcasts/{broadcast.pk}/metrics/{query}", headers=headers)

    return get


def test_a_stranger_finds_nothing(client: Client, broadcast: Broadcast) -> None:
    client.force_login(make_user("charlie"))
    assert client.get(f"/w/acme/broadcasts/{broadcast.pk}/metrics/").status_code == 404


def test_a_broadcast_of_another_workspace_is_not_found(client: Client, viewer: User) -> None:
    other = make_broadcast(make_workspace("Other"))
    client.force_login(viewer)
    assert client.get(f"/w/acme/broadcasts/{other.pk}/metrics/").status_code == 404


@pytest.mark.parametrize("path", ["campaigns/1/metrics/", "messages/1/metrics/", f"broadcasts/{2**40}/metrics/"])
def test_what_is_not_there_is_not_found(client: Client, viewer: User, path: str) -> None:
    client.force_login(viewer)
    assert client.get(f"/w/acme/{path}").status_code == 404


def test_reports_are_counted_exactly_and_at_once(look, snapshot: Snapshot) -> None:
    send(snapshot, 10)
    for person in (1, 2, 3, 4):
        opened(snapshot, person)
    opened(snapshot, 1)
    tapped(snapshot, 1)
    tapped(snapshot, 1)
    tapped(snapshot, 2, "nps.9", value="9")
    dismissed(snapshot, 3)
    dismissed(snapshot, 4, "timeout", None)
    tapped(snapshot, 5, test=True)
    report = look().context["report"]
    assert (report.sent, report.opened, report.openers, report.open_rate) == (10, 4, 4, 0.4)
    assert (report.clicked, report.click_rate) == (2, 0.5)
    assert report.dismissed == {"close": 1, "timeout": 1}
    assert (report.responses, report.respondents, report.response_rate) == (4, 3, 0.75)
    [message] = report.messages
    yes, question, close = message.entries
    assert isinstance(yes, Row)
    assert (yes.name, yes.total, yes.people, yes.rate, yes.share) == ("Count me in", 2, 1, 0.25, 0.5)
    assert isinstance(question, Question)
    assert (question.total, question.score) == (1, 100)
    assert (close.total, close.dismissal) == (1, True)
    assert sum(report.chart.responses) == 4
    assert sum(report.chart.shown) == 5


def test_an_opening_is_proved_by_a_tap_so_that_no_rate_passes_all(look, snapshot: Snapshot) -> None:
    tapped(snapshot, 1)
    assert look().context["report"].response_rate == 1


def test_every_tracked_action_is_listed_before_anybody_responds(look, snapshot: Snapshot) -> None:
    body = look().content.decode()
    assert "Count me in" in body
    assert "Dismissed" in body
    assert "Read more" not in body


def test_a_range_counts_its_own_days_only(look, snapshot: Snapshot) -> None:
    tapped(snapshot, 1, occurred_at=NOW() - timedelta(days=10))
    tapped(snapshot, 2)
    assert look("?range=7").context["report"].responses == 1
    assert look("?range=30").context["report"].responses == 2
    day = (NOW() - timedelta(days=10)).date()
    assert look(f"?range=custom&since={day}&until={day}").context["report"].responses == 1


def test_nonsense_in_the_address_gets_a_clear_message(look) -> None:
    answer = look("?range=custom&since=yesterday")
    assert answer.status_code == 422
    assert "“yesterday” is no date. Write it as year-month-day: 2026-11-24." in answer.content.decode()
    assert look("?range=%00%ff").status_code == 422


def test_a_refresh_draws_the_results_alone(look, snapshot: Snapshot) -> None:
    tapped(snapshot, 1)
    body = look("?range=7", **{"HX-Request": "true"}).content.decode()
    assert body.lstrip().startswith('<div id="results"')
    assert "Tracked Responses" in body
    assert "range=7" in body


@pytest.mark.parametrize(
    ("blank", "words"),
    [
        ("unlaunched", "Not launched yet"),
        ("unsent", "sent to nobody yet"),
        ("unopened", "nobody opened it yet"),
        ("unanswered", "nobody responded yet"),
        ("quiet", "Nothing in this range"),
    ],
)
def test_empty_pages_say_why(client: Client, viewer: User, workspace: Workspace, blank: str, words: str) -> None:
    broadcast = make_broadcast(workspace, "Blank", status="draft" if blank == "unlaunched" else "finished")
    if blank in ("unopened", "unanswered", "quiet"):
        send(broadcast.snapshot, 3)
    if blank in ("unanswered", "quiet"):
        opened(broadcast.snapshot, 1, occurred_at=NOW() - timedelta(days=2))
    client.force_login(viewer)
    query = "?range=today" if blank == "quiet" else ""
    answer = client.get(f"/w/acme/broadcasts/{broadcast.pk}/metrics/{query}")
    assert answer.context["report"].blank == blank
    assert words in answer.content.decode()


def test_a_range_beyond_retention_warns(look, workspace: Workspace) -> None:
    assert "keeps events and responses for" not in look("?range=30").content.decode()
    Workspace.objects.filter(pk=workspace.pk).update(retention_days=30)
    assert "keeps events and responses for 30 days" in look("?since=2026-01-01").content.decode()
    assert "keeps events and responses for" not in look("?range=7").content.decode()


def test_names_are_shown_as_text_never_as_markup(client: Client, viewer: User, workspace: Workspace) -> None:
    evil = make_broadcast(workspace, "Evil", action("x", "<script>alert(1)</script>"))
    client.force_login(viewer)
    body = client.get(f"/w/acme/broadcasts/{evil.pk}/metrics/").content.decode()
    assert "<script>alert(1)" not in body
    assert "&lt;script&gt;alert(1)" in body


def test_as_many_queries_for_much_as_for_little(
    look, snapshot: Snapshot, broadcast: Broadcast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    tapped(snapshot, 1)
    queries = 10
    with django_assert_num_queries(queries):
        look()
    other = make_snapshot(broadcast, *[action(f"a{n}") for n in range(20)])
    for person in range(40):
        send(other, 1, NOW() - timedelta(hours=person))
        tapped(other, person, f"a{person % 20}", occurred_at=NOW() - timedelta(days=person))
    with django_assert_num_queries(queries):
        look()
