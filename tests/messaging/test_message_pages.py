from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from console.accounts.models import Role, Workspace
from messaging import liquid
from messaging.errors import Busy
from messaging.messages.gallery import STARTERS
from messaging.messages.models import Message
from messaging.people.models import Person
from tests.messaging.factories import make_version
from tests.people import make_member, make_message, make_user, make_workspace, survey

pytestmark = pytest.mark.django_db
URL = "/w/acme/messages/"


@pytest.fixture
def workspace() -> Workspace:
    return make_workspace()


def signed_in(workspace: Workspace, role: Role) -> Client:
    client = Client()
    client.force_login(make_member(workspace, role, role.value))
    return client


@pytest.fixture
def ann(workspace: Workspace) -> Client:
    return signed_in(workspace, Role.AUTHOR)


def send(client: Client, url: str, body: Any) -> Any:
    raw = body if isinstance(body, (bytes, str)) else json.dumps(body)
    return client.post(url, raw, content_type="application/json")


def test_the_list_shows_what_was_published_and_changed(ann: Client, workspace: Workspace) -> None:
    message = make_message(workspace)
    assert b"Draft" in ann.get(URL).content
    send(ann, f"{URL}{message.pk}/publish/", {"revision": 1})
    assert b"Published v1" in ann.get(URL).content
    send(ann, f"{URL}{message.pk}/draft/", {"draft": survey(accent="#000000"), "revision": 1})
    assert b"Unpublished changes" in ann.get(URL).content


def test_the_list_asks_the_same_number_of_queries_for_many(
    ann: Client, workspace: Workspace, django_assert_max_num_queries: Any
) -> None:
    for n in range(20):
        make_message(workspace, f"Message {n}")
    with django_assert_max_num_queries(8):
        ann.get(URL)


@pytest.mark.parametrize("starter", [one.key for one in STARTERS])
def test_every_starter_can_be_published_at_once(ann: Client, workspace: Workspace, starter: str) -> None:
    ann.post(f"{URL}new/", {"name": "New", "starter": starter})
    message = Message.objects.get(workspace=workspace)
    assert send(ann, f"{URL}{message.pk}/publish/", {"revision": 1}).json() == {"version": 1}


@pytest.mark.parametrize(
    "form", [{"name": "", "starter": "nps"}, {"name": "Beta survey"}, {"name": "A", "starter": "x"}]
)
def test_a_bad_start_is_explained_and_makes_nothing(ann: Client, workspace: Workspace, form: dict[str, str]) -> None:
    make_message(workspace)
    assert ann.post(f"{URL}new/", {"starter": "nps", **form}).status_code == 422
    assert Message.objects.count() == 1


def test_saving_gives_the_next_revision(ann: Client, workspace: Workspace) -> None:
    message = make_message(workspace)
    answer = send(ann, f"{URL}{message.pk}/draft/", {"draft": survey(accent="#112233"), "revision": 1})
    assert answer.json() == {"revision": 2, "published": {"version": 0, "changed": True}}


def test_a_stale_save_is_refused_with_the_revision_in_force(ann: Client, workspace: Workspace) -> None:
    message = make_message(workspace)
    send(ann, f"{URL}{message.pk}/draft/", {"draft": survey(accent="#112233"), "revision": 1})
    answer = send(ann, f"{URL}{message.pk}/draft/", {"draft": survey(accent="#445566"), "revision": 1})
    assert (answer.status_code, answer.json()["revision"]) == (409, 2)
    assert Message.objects.get().draft["accent"] == "#112233"


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", {"draft": 1, "revision": 1}, b'{"draft": {"steps": 1}}', b"[" * 100_000, b"\xff"],
)
@pytest.mark.parametrize("page", ["draft", "preview", "publish"])
def test_nonsense_is_refused_and_changes_nothing(ann: Client, workspace: Workspace, page: str, body: Any) -> None:
    message = make_message(workspace)
    if page == "publish" and isinstance(body, dict):
        body = {"revision": "x"}
    answer = send(ann, f"{URL}{message.pk}/{page}/", body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["text"]
    kept = Message.objects.get()
    assert (kept.draft, kept.revision, kept.versions.count()) == (survey(), 1, 0)


def test_the_preview_resolves_for_a_person_and_sample_properties(ann: Client, workspace: Workspace) -> None:
    Person.objects.create(workspace=workspace, external_id="ada", attributes={"first_name": "Ada"})
    message = make_message(workspace)
    asked = {"draft": survey(), "properties": {"button_text": "Count me in"}, "person": "ada"}
    shown = send(ann, f"{URL}{message.pk}/preview/", asked).json()
    blocks = shown["content"]["steps"][0]["blocks"]
    assert "Ada" in blocks[0]["html"]
    assert blocks[1]["action"]["name"] == blocks[1]["action"]["text"] == "Count me in"
    assert shown["properties"] == ["button_text"]


def test_what_cannot_be_published_is_said_by_place(ann: Client, workspace: Workspace) -> None:
    draft = survey()
    draft["steps"][0]["blocks"][1]["action"]["name"] = ""
    message = make_message(workspace, draft=draft)
    answer = send(ann, f"{URL}{message.pk}/publish/", {"revision": 1})
    assert answer.status_code == 422
    assert [(error["where"], error["field"]) for error in answer.json()["errors"]] == [("yes", "name")]


@pytest.mark.parametrize("page", ["draft", "publish", "rename", "duplicate", "archive", "restore"])
def test_a_viewer_may_not_write(workspace: Workspace, page: str) -> None:
    message = make_message(workspace)
    answer = send(signed_in(workspace, Role.VIEWER), f"{URL}{message.pk}/{page}/", {"draft": survey(), "revision": 1})
    assert answer.status_code == 403
    assert (Message.objects.count(), Message.objects.get().revision) == (1, 1)


def test_a_viewer_may_look(workspace: Workspace) -> None:
    message = make_message(workspace)
    page = signed_in(workspace, Role.VIEWER).get(f"{URL}{message.pk}/")
    assert b'"readonly": true' in page.content


@pytest.mark.parametrize("path", ["", "new/", "{pk}/"])
def test_a_stranger_sees_nothing(workspace: Workspace, path: str) -> None:
    message = make_message(workspace)
    client = Client()
    client.force_login(make_user("charlie"))
    assert client.get(URL + path.format(pk=message.pk)).status_code == 404


def test_a_message_of_another_workspace_is_not_there(ann: Client) -> None:
    other = make_message(make_workspace("Other"))
    assert ann.get(f"{URL}{other.pk}/").status_code == 404
    assert send(ann, f"{URL}{other.pk}/draft/", {"draft": survey(), "revision": 1}).status_code == 404


def test_an_archived_message_comes_back(ann: Client, workspace: Workspace) -> None:
    message = make_message(workspace)
    ann.post(f"{URL}{message.pk}/archive/")
    assert b"Beta survey</a>" not in ann.get(URL).content
    ann.post(f"{URL}{message.pk}/restore/")
    assert b"Beta survey</a>" in ann.get(URL).content


def test_what_somebody_saved_meanwhile_is_not_published_unseen(ann: Client, workspace: Workspace) -> None:
    message = make_message(workspace)
    send(ann, f"{URL}{message.pk}/draft/", {"draft": survey(accent="#112233"), "revision": 1})
    answer = send(ann, f"{URL}{message.pk}/publish/", {"revision": 1})
    assert (answer.status_code, answer.json()["revision"]) == (409, 2)
    assert not message.versions.exists()


@pytest.mark.parametrize("page", ["draft", "publish"])
def test_an_archived_message_is_neither_edited_nor_published(ann: Client, workspace: Workspace, page: str) -> None:
    message = make_message(workspace)
    ann.post(f"{URL}{message.pk}/archive/")
    body = {"draft": survey(accent="#112233"), "revision": 1}
    assert send(ann, f"{URL}{message.pk}/{page}/", body).status_code == 404
    kept = Message.objects.get()
    assert (kept.draft, kept.revision, kept.versions.count()) == (survey(), 1, 0)


def test_a_viewers_preview_is_drawn_and_writes_nothing(workspace: Workspace) -> None:
    message = make_message(workspace)
    answer = send(signed_in(workspace, Role.VIEWER), f"{URL}{message.pk}/preview/", {"draft": survey()})
    assert (answer.status_code, len(answer.json()["content"]["steps"])) == (200, 2)
    assert Message.objects.get().revision == 1


@pytest.mark.parametrize("page", ["draft", "preview", "publish"])
def test_the_editor_is_told_that_its_session_has_ended(workspace: Workspace, page: str) -> None:
    message = make_message(workspace)
    answer = send(Client(), f"{URL}{message.pk}/{page}/", {"draft": survey(accent="#112233"), "revision": 1})
    assert (answer.status_code, answer.json()["errors"][0]["text"]) == (401, "Your session has ended: sign in again.")
    assert Message.objects.get().revision == 1


def test_the_editor_without_cookies_is_told_so_too(workspace: Workspace) -> None:
    message = make_message(workspace)
    strict = Client(enforce_csrf_checks=True)
    assert send(strict, f"{URL}{message.pk}/draft/", {"draft": survey(), "revision": 1}).status_code == 401


def test_a_part_of_a_page_is_no_place_for_the_sign_in_page(workspace: Workspace) -> None:
    assert Client().get("/w/acme/counts/", headers={"HX-Request": "true"}).status_code == 401
    assert Client().get("/w/acme/counts/").status_code == 302


def test_the_editor_says_what_of_the_draft_is_published(ann: Client, workspace: Workspace) -> None:
    page = f"{URL}{make_message(workspace).pk}/"
    assert b"Not published yet" in ann.get(page).content
    send(ann, f"{page}publish/", {"revision": 1})
    assert b"Published v1</span>" in ann.get(page).content
    answer = send(ann, f"{page}draft/", {"draft": survey(accent="#112233"), "revision": 1})
    assert answer.json()["published"] == {"version": 1, "changed": True}
    assert b"Published v1; later edits are not" in ann.get(page).content


def test_when_nobody_is_free_to_render_it_is_said_and_asked_for_again(
    ann: Client, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: Any, **__: Any) -> None:
        raise Busy("Too many messages are being made ready at this moment: try again.")

    message = make_message(workspace)
    monkeypatch.setattr(liquid, "faults", busy)
    answer = send(ann, f"{URL}{message.pk}/preview/", {"draft": survey()})
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "try again" in answer.json()["errors"][0]["text"]
    monkeypatch.setattr(liquid, "paths_of", busy)
    make_version(workspace, "Published")
    page = ann.post("/w/acme/broadcasts/compose/fields/", {"message": Message.objects.get(name="Published").pk})
    assert (page.status_code, page["Retry-After"]) == (503, "5")
    assert "Nothing was changed" in page.content.decode()
