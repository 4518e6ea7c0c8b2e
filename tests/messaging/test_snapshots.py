from __future__ import annotations

import pytest

from console.accounts.models import Workspace
from messaging import public
from messaging.common.source_kinds import SourceKind
from messaging.snapshots import services as snapshots
from messaging.snapshots.models import Snapshot
from tests.messaging.factories import make_broadcast, make_campaign, make_snapshot, make_version
from tests.people import make_workspace, survey

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace() -> Workspace:
    return make_workspace()


def test_a_use_knows_every_action_with_its_resolved_name(workspace: Workspace) -> None:
    snapshot = public.snapshots([make_snapshot(workspace, SourceKind.BROADCAST, 1, button_text="Count me in").pk])
    [ref] = snapshot.values()
    assert [(action.id, action.name, action.tracked) for action in ref.actions][:3] == [
        ("yes", "Count me in", True),
        ("more", "Read more", False),
        ("nps.0", "NPS 0", True),
    ]
    assert (ref.actions[-1].id, ref.actions[-1].name, ref.actions[-1].dismissal) == ("close", "Dismissed", True)
    assert (ref.actions[0].template, ref.actions[0].text) == ("$properties.button_text", "Count me in")


def test_options_of_a_rating_name_their_question(workspace: Workspace) -> None:
    snapshot = make_snapshot(workspace, SourceKind.BROADCAST, 1)
    option = next(action for action in snapshots.ref(snapshot).actions if action.id == "nps.10")
    assert (option.group, option.question, option.scale, option.value, option.step) == ("r1", "NPS", "nps", "10", "s2")


def test_the_same_version_and_properties_are_the_same_use(workspace: Workspace) -> None:
    version = make_version(workspace)
    first = make_snapshot(workspace, SourceKind.CAMPAIGN, 1, version=version, button_text="Yes")
    assert make_snapshot(workspace, SourceKind.CAMPAIGN, 1, version=version, button_text="Yes") == first
    assert make_snapshot(workspace, SourceKind.CAMPAIGN, 1, version=version, button_text="No") != first
    assert make_snapshot(workspace, SourceKind.CAMPAIGN, 2, version=version, button_text="Yes") != first
    assert Snapshot.objects.count() == 3


def test_a_personal_name_keeps_its_template_with_the_properties_filled_in(workspace: Workspace) -> None:
    draft = survey()
    action = draft["steps"][0]["blocks"][1]["action"]
    action["name"] = action["text"] = "$properties.button_text for {{ customer.first_name }}"
    snapshot = make_snapshot(workspace, SourceKind.BROADCAST, 1, version=make_version(workspace, "Personal", draft))
    ref = snapshots.ref(snapshot)
    assert snapshot.personal
    assert ref.actions[0].name == "Count me in for {{ customer.first_name }}"
    assert ref.actions[1].name == "Read more"


def test_a_text_that_greets_the_person_makes_no_name_personal(workspace: Workspace) -> None:
    assert not make_snapshot(workspace, SourceKind.BROADCAST, 1).personal
    assert make_snapshot(workspace, SourceKind.BROADCAST, 2, button_text="For {{ customer.first_name }}").personal


def test_sources_tell_their_uses(workspace: Workspace) -> None:
    campaign, broadcast = make_campaign(workspace), make_broadcast(workspace)
    source = public.source(workspace.pk, SourceKind.CAMPAIGN, campaign.pk)
    assert source is not None
    assert (source.name, source.status, [snapshot.id for snapshot in source.snapshots]) == (
        "Welcome",
        "running",
        [campaign.snapshot_id],
    )
    assert [(found.kind, found.id) for found in public.sources(workspace.pk)] == [
        (SourceKind.BROADCAST, broadcast.pk),
        (SourceKind.CAMPAIGN, campaign.pk),
    ]


def test_a_source_of_another_workspace_is_none(workspace: Workspace) -> None:
    campaign = make_campaign(make_workspace("Other"))
    assert public.source(workspace.pk, SourceKind.CAMPAIGN, campaign.pk) is None
    assert public.source(workspace.pk, 7, campaign.pk) is None
