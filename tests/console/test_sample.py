from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from messaging.campaigns.models import Campaign
from messaging.campaigns.services import campaigns
from messaging.messages import services as messages
from tests.people import make_message, make_person, make_workspace, make_write_key

pytestmark = pytest.mark.django_db


def test_without_a_sample_key_the_page_says_what_to_set_and_shows_nobody(client: Client, settings):
    make_person(make_workspace(), "ada")
    settings.SAMPLE_WRITE_KEY = ""
    page = client.get("/sample/")
    assert page.status_code == 404
    assert b"EARSHOT_SAMPLE_WRITE_KEY" in page.content
    assert b"ada" not in page.content


def test_a_key_that_does_not_work_is_named_as_the_trouble(client: Client, settings):
    settings.SAMPLE_WRITE_KEY = "wk_gone"
    page = client.get("/sample/")
    assert page.status_code == 404
    assert b"revoked" in page.content


def test_the_page_offers_people_of_its_keys_workspace_alone(client: Client, settings):
    ours, theirs = make_workspace("Ours"), make_workspace("Theirs")
    make_person(ours, "ada")
    make_person(ours, None)
    make_person(theirs, "mallory")
    settings.SAMPLE_WRITE_KEY = make_write_key(ours)
    page = client.get("/sample/")
    assert page.status_code == 200
    assert b'data-person="ada"' in page.content
    assert b"mallory" not in page.content
    assert page.content.count(b"data-person=") == 1


def test_what_sets_off_a_running_campaign_is_one_tap_away(client: Client, settings: Any) -> None:
    workspace = make_workspace()
    settings.SAMPLE_WRITE_KEY = make_write_key(workspace)
    campaign = Campaign.objects.create(workspace=workspace, name="First steps", trigger_event="Notebook Created")
    assert b"Notebook Created" not in client.get("/sample/").content
    message = messages.publish(make_message(workspace), by=None).message
    campaigns.save(
        campaign,
        by=None,
        name="First steps",
        trigger_event="Notebook Created",
        audience_rules={},
        frequency="once",
        message=message,
        properties={"button_text": "Yes"},
    )
    campaigns.start(campaign, by=None)
    assert b'data-event="Notebook Created"' in client.get("/sample/").content
