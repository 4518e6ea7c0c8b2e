from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, close_old_connections, connection, transaction

from console.accounts.models import AuditEntry
from messaging.content import read, review
from messaging.errors import BadContent, StaleDraft
from messaging.messages import services as messages
from messaging.messages.models import Message
from tests.people import make_message, make_workspace, survey

pytestmark = pytest.mark.django_db


def with_button(**over: Any) -> dict[str, Any]:
    draft = survey()
    draft["steps"][0]["blocks"][1]["action"] |= over
    return draft


def test_publishing_freezes_the_draft_as_a_version() -> None:
    message = make_message(make_workspace())
    assert messages.publish(message, by=None).number == 1


def test_publishing_an_unchanged_draft_is_the_same_version() -> None:
    message = make_message(make_workspace())
    assert messages.publish(message, by=None) == messages.publish(message, by=None)


def test_editing_and_publishing_makes_the_next_version_and_leaves_the_first() -> None:
    message = make_message(make_workspace())
    first = messages.publish(message, by=None)
    messages.save_draft(message, draft=with_button(name="Other"), revision=1, by=None)
    assert messages.publish(message, by=None).number == 2
    assert message.versions.get(number=1).content == first.content


def test_a_version_cannot_be_changed_even_by_sql() -> None:
    version = messages.publish(make_message(make_workspace()), by=None)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE messaging_messageversion SET content = '{}' WHERE id = %s", [version.pk])


def test_a_stale_draft_is_refused_and_changes_nothing() -> None:
    message = make_message(make_workspace())
    messages.save_draft(message, draft=with_button(name="Mine"), revision=1, by=None)
    with pytest.raises(StaleDraft):
        messages.save_draft(message, draft=with_button(name="Theirs"), revision=1, by=None)
    kept = Message.objects.get(pk=message.pk)
    assert (kept.revision, kept.draft["steps"][0]["blocks"][1]["action"]["name"]) == (2, "Mine")


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"text": " "}, "text"),
        ({"name": ""}, "name"),
        ({"behaviour": {"kind": "step", "value": "nowhere"}}, "value"),
        ({"behaviour": {"kind": "url", "value": "javascript:alert(1)"}}, "value"),
        ({"behaviour": {"kind": "snooze", "value": "soon"}}, "value"),
        ({"text": "{{ x"}, "liquid"),
        ({"id": "more"}, "id"),
    ],
)
def test_what_cannot_work_is_not_published(over: dict[str, Any], field: str) -> None:
    message = make_message(make_workspace(), draft=with_button(**over))
    with pytest.raises(BadContent) as refusal:
        messages.publish(message, by=None)
    assert field in {where.rpartition("/")[2] for where, _ in refusal.value.errors}
    assert not message.versions.exists()


@pytest.mark.parametrize("over", [{"accent": "red"}, {"display": {"overlay": "url(//evil)"}}])
def test_a_colour_is_a_colour(over: dict[str, Any]) -> None:
    message = make_message(make_workspace(), draft=survey(**over))
    with pytest.raises(BadContent, match="colour"):
        messages.publish(message, by=None)
    assert not message.versions.exists()


def test_an_untracked_action_may_go_without_a_name() -> None:
    message = make_message(make_workspace(), draft=with_button(name="", track=False))
    assert messages.publish(message, by=None).number == 1


@pytest.mark.parametrize("draft", [None, [], {}, {"steps": "no"}, {"steps": [{"id": "s", "blocks": [{"kind": "x"}]}]}])
def test_nonsense_is_no_draft(draft: Any) -> None:
    message = make_message(make_workspace())
    with pytest.raises(BadContent):
        messages.save_draft(message, draft=draft, revision=1, by=None)
    assert Message.objects.get(pk=message.pk).draft == survey()


def test_a_nul_character_is_refused() -> None:
    with pytest.raises(BadContent, match="NUL"):
        messages.create(workspace=make_workspace(), name="A", draft=with_button(text="a\x00b"), by=None)


def test_a_name_is_taken_once_in_a_workspace() -> None:
    workspace = make_workspace()
    make_message(workspace, "Beta")
    with pytest.raises(ValidationError):
        messages.create(workspace=workspace, name="Beta", draft=survey(), by=None)
    assert Message.objects.of(workspace).count() == 1


def test_duplicates_get_free_names() -> None:
    message = make_message(make_workspace(), "Beta")
    names = [messages.duplicate(message, by=None).name for _ in range(2)]
    assert names == ["Beta (copy)", "Beta (copy 2)"]


def test_every_change_leaves_an_audit_row() -> None:
    message = messages.create(workspace=make_workspace(), name="A", draft=survey(), by=None)
    messages.publish(message, by=None)
    messages.archive(message, by=None)
    messages.archive(message, by=None)
    verbs = AuditEntry.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["message.created", "message.published", "message.archived"]


def test_names_that_say_little_are_warned_of() -> None:
    draft = with_button(name="Click here")
    draft["steps"][0]["blocks"][2]["action"] |= {"name": "click  here", "track": True}
    said = [(remark.where, remark.text.split()[0]) for remark in review.warnings(read(draft)) if remark.field == "name"]
    assert said == [("yes", "Another"), ("yes", "“Click"), ("more", "Another"), ("more", "“click")]


def test_a_name_that_varies_wants_a_fallback() -> None:
    found = review.warnings(read(with_button(name="{{ customer.plan }}")))
    said = [remark.text for remark in found if remark.field == "name"]
    assert [text.split()[0] for text in said] == ["The", "Give"]


def test_names_that_can_come_out_the_same_are_warned_of() -> None:
    draft = with_button(name="{{ customer.answer | default: 'Yes' }}")
    draft["steps"][0]["blocks"][2]["action"] |= {"name": "Yes", "track": True}
    said = [remark.where for remark in review.warnings(read(draft)) if "come out the same" in remark.text]
    assert said == ["yes", "more"]


def test_a_variable_in_a_text_or_button_wants_a_fallback() -> None:
    draft = with_button(text="Hi {{ customer.first_name }}", name="Hi")
    said = [(remark.where, remark.field) for remark in review.warnings(read(draft)) if "see a gap" in remark.text]
    assert said == [("t1", "html"), ("yes", "text")]
    draft["steps"][0]["blocks"][0]["html"] = "{{ customer.first_name | default: 'there' }} {{ properties.x }}"
    draft["steps"][0]["blocks"][1]["action"]["text"] = "$properties.button_text"
    assert not [remark for remark in review.warnings(read(draft)) if "see a gap" in remark.text]


def test_a_part_without_an_id_is_told_by_its_place() -> None:
    draft = survey()
    draft["steps"][0]["blocks"][1]["action"]["id"] = draft["steps"][1]["id"] = ""
    said = [remark.text for remark in review.errors(read(draft)) if remark.field == "id"]
    assert [text.split(" has no id")[0] for text in said] == ["The action of step 1, part 2", "Step 2"]


@pytest.mark.django_db(transaction=True)
def test_two_publishing_at_once_make_one_version() -> None:
    message = make_message(make_workspace())

    def publish(_: int) -> int:
        try:
            return messages.publish(message, by=None).number
        finally:
            close_old_connections()
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(publish, range(4))) == {1}
    assert message.versions.count() == 1
