"""A database knows its SECRET_KEY and its version; whoever comes with another one is refused with a line."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from console.accounts.models import Installation
from console.accounts.services import installation

pytestmark = pytest.mark.django_db


def test_the_first_secret_key_is_the_databases_own(settings: Any) -> None:
    assert installation.check_secret_key() is None
    assert settings.SECRET_KEY not in Installation.objects.get().secret_fingerprint


def test_another_secret_key_refuses_the_start_until_it_is_accepted(settings: Any, client: Client) -> None:
    installation.check_secret_key()
    settings.SECRET_KEY = "another"
    assert "SECRET_KEY is not the one" in (installation.check_secret_key() or "")
    with pytest.raises(SystemExit, match="SECRET_KEY is not the one"):
        call_command("prepare")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "SECRET_KEY is not the one" in answer.json()["secret_key"]
    call_command("accept_secret_key")
    assert installation.check_secret_key() is None


def test_a_database_of_a_newer_version_refuses_the_start(client: Client) -> None:
    MigrationRecorder(connection).record_applied("messaging", "9999_from_the_future")
    with pytest.raises(SystemExit, match=r"messaging\.9999_from_the_future is not known here"):
        call_command("prepare")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "newer version" in answer.json()["migrations"]


def test_a_package_that_is_used_no_more_is_no_newer_version() -> None:
    MigrationRecorder(connection).record_applied("gone", "0001_initial")
    assert installation.check_migrations() is None


def test_a_database_that_does_not_answer_yet_is_no_reason_to_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that starts while the database does waits for it; it is asked again by `/readyz`."""
    installation._pooler_of_this_process.cache_clear()
    monkeypatch.setattr(installation, "parameters", lambda: {"conninfo": "postgres://127.0.0.1:1/none"})
    assert installation.what_is_wrong() is None
    with pytest.raises(SystemExit, match="The database could not be prepared: connection failed"):
        call_command("prepare")
    monkeypatch.undo()
    assert installation.check_pooler() is None
