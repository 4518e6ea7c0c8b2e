from __future__ import annotations

import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count
from django.utils import timezone

from console.accounts.models import KeyKind, User, Workspace
from console.accounts.services import keys
from console.runtime.supervisor import state_files
from console.site.demo import access, story
from messaging.broadcasts.models import Broadcast
from messaging.campaigns.models import Campaign
from messaging.deliveries.models import Delivery, SendCount
from messaging.people.models import Person
from tests.people import make_workspace
from tracking import consumers
from tracking.ingest import resolve
from tracking.ingest.models import Event
from tracking.responses.models import Response


@pytest.fixture
def demo(tmp_path: Path, transactional_db: None) -> Iterator[Workspace]:
    resolve.forget()
    workspace = access.make_workspace(tmp_path / "demo.json")
    assert workspace is not None
    kept = access.credentials(workspace, tmp_path / "demo.json")
    story.tell(workspace, by=User.objects.get(email=access.EMAIL), write_key=kept["write_key"])
    yield workspace
    resolve.forget()


def test_the_demo_has_people_messages_sendings_and_a_month_of_answers(demo: Workspace) -> None:
    assert Person.objects.of(demo).count() == 320
    states = dict(Broadcast.objects.of(demo).values_list("status").annotate(Count("pk")))
    assert states == {"finished": 2, "draft": 1}
    assert [campaign.status for campaign in Campaign.objects.of(demo)] == ["running"]
    responses = Response.objects.filter(workspace_id=demo.pk)
    assert responses.count() > 300
    oldest, newest = (
        responses.order_by(by).values_list("occurred_at", flat=True)[0] for by in ("occurred_at", "-occurred_at")
    )
    assert timezone.now() - timedelta(days=31) < oldest < newest - timedelta(days=20)
    assert newest <= timezone.now()


def test_the_demo_adds_up(demo: Workspace) -> None:
    deliveries = Delivery.objects.filter(workspace_id=demo.pk).count()
    assert sum(SendCount.objects.filter(workspace_id=demo.pk).values_list("count", flat=True)) == deliveries
    call_command("check_counts")


def test_telling_it_again_changes_nothing(demo: Workspace, tmp_path: Path) -> None:
    def all_there_is() -> tuple[int, ...]:
        return tuple(model.objects.count() for model in (Person, Event, Delivery, Response, Broadcast, Campaign))

    before = all_there_is()
    kept = state_files.read(tmp_path / "demo.json")
    story.AuditEntry.objects.filter(verb=story.TOLD).delete()  # as if it had been killed at the very end
    story.tell(demo, by=User.objects.get(email=access.EMAIL), write_key=kept["write_key"])
    consumers.run_all()
    assert all_there_is() == before


@pytest.mark.django_db
def test_the_kept_credentials_work_and_are_for_their_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "demo.json"
    workspace = access.make_workspace(tmp_path / "demo.json")
    assert workspace is not None
    kept = access.credentials(workspace, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert state_files.read(path) == kept
    assert keys.find(kept["write_key"], KeyKind.WRITE)
    assert keys.find(kept["api_key"], KeyKind.SECRET)
    assert User.objects.get(email=kept["email"]).check_password(kept["password"])
    assert access.credentials(workspace, path) == kept


@pytest.mark.django_db
def test_a_host_without_a_copy_of_the_credentials_leaves_them_alone(tmp_path: Path) -> None:
    """A second host, or a container whose data folder is new."""
    workspace = access.make_workspace(tmp_path / "demo.json")
    assert workspace is not None
    kept = access.credentials(workspace, tmp_path / "demo.json")
    call_elsewhere = tmp_path / "elsewhere.json"
    assert access.make_workspace(call_elsewhere) == workspace
    assert access.credentials(workspace, call_elsewhere) == {}
    assert not call_elsewhere.exists()
    assert access.credentials(workspace, tmp_path / "demo.json") == kept
    assert keys.find(kept["write_key"], KeyKind.WRITE)
    assert User.objects.get(email=access.EMAIL).check_password(kept["password"])


@pytest.mark.django_db
def test_credentials_are_replaced_by_a_command_and_the_old_ones_end(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path
    workspace = access.make_workspace(tmp_path / access.FILE)
    assert workspace is not None
    lost = access.credentials(workspace, tmp_path / access.FILE)
    call_command("replace_demo_credentials")
    fresh = access.credentials(workspace, tmp_path / access.FILE)
    assert all(fresh.values())
    assert keys.find(lost["api_key"], KeyKind.SECRET) is None
    assert keys.find(fresh["api_key"], KeyKind.SECRET)
    assert not User.objects.get(email=access.EMAIL).check_password(lost["password"])


@pytest.mark.django_db
def test_a_database_without_a_demo_has_no_credentials_to_replace(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path
    with pytest.raises(CommandError, match="no demo workspace"):
        call_command("replace_demo_credentials")
    assert not (tmp_path / access.FILE).exists()


@pytest.mark.django_db
def test_a_key_that_was_revoked_is_not_shown_and_not_made_anew(tmp_path: Path) -> None:
    workspace = access.make_workspace(tmp_path / "demo.json")
    assert workspace is not None
    kept = access.credentials(workspace, tmp_path / "demo.json")
    key = keys.find(kept["write_key"], KeyKind.WRITE)
    assert key is not None
    keys.revoke(key, by=User.objects.get(email=access.EMAIL))
    assert access.credentials(workspace, tmp_path / "demo.json")["write_key"] is None
    assert workspace.keys.live().count() == 1


@pytest.mark.django_db
def test_a_password_that_its_owner_chose_is_left_alone(tmp_path: Path) -> None:
    workspace = access.make_workspace(tmp_path / "demo.json")
    assert workspace is not None
    access.credentials(workspace, tmp_path / "demo.json")
    owner = User.objects.get(email=access.EMAIL)
    owner.set_password("a password of my own")
    owner.save()
    for _ in range(2):
        assert access.credentials(workspace, tmp_path / "demo.json")["password"] is None
    assert User.objects.get(email=access.EMAIL).check_password("a password of my own")


@pytest.mark.django_db
def test_a_database_that_somebody_uses_gets_no_demo(tmp_path: Path) -> None:
    make_workspace()
    assert access.make_workspace(tmp_path / "demo.json") is None
    assert Workspace.objects.count() == 1


@pytest.mark.django_db
def test_the_owner_of_the_demo_is_an_administrator(tmp_path: Path) -> None:
    access.make_workspace(tmp_path / "demo.json")
    owner = User.objects.get(email=access.EMAIL)
    assert (owner.is_staff, owner.is_superuser) == (True, True)
