"""What a row says is what the log keeps, column by column."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import msgspec
import pytest
from django.utils import timezone

from tracking.ingest.append import append
from tracking.ingest.models import Event, EventKind
from tracking.ingest.values import Row

pytestmark = pytest.mark.django_db
AT = datetime(2026, 5, 4, 3, 2, 1, 987654, UTC)


def kept(row: Row) -> dict[str, object]:
    assert append([row], []) == {row.key}
    found = Event.objects.values(*Row.__struct_fields__).get(key=row.key)
    return found | {"key": found["key"].hex}


def test_every_field_of_a_row_is_kept() -> None:
    full = Row(
        workspace_id=7,
        key=uuid4().hex,
        kind=EventKind.DISMISSED,
        occurred_at=AT,
        clamped=True,
        user_id='ü"\\,{}\n',
        anonymous_id="a",
        name="NULL",
        payload=msgspec.Raw(b'{"seconds": 1.5, "n": 9007199254740993}'),
        person_id=2**62,
        delivery_id=2**61,
        snapshot_id=3,
        source_kind=1,
        source_id=4,
        message_id=5,
        action_id="close",
        reason="esc",
        value="",
        test=True,
        personal=True,
    )
    said = {field: getattr(full, field) for field in Row.__struct_fields__}
    assert kept(full) == said | {"payload": {"seconds": 1.5, "n": 9007199254740993}}


def test_what_a_row_does_not_say_is_null_or_false() -> None:
    bare = Row(7, uuid4().hex, EventKind.TRACK, timezone.now() - timedelta(days=1))
    found = kept(bare)
    assert [found.pop(flag) for flag in ("clamped", "test", "personal")] == [False] * 3
    assert {name for name, value in found.items() if value is not None} == {
        "workspace_id",
        "key",
        "kind",
        "occurred_at",
    }


def test_a_row_that_is_there_is_not_new() -> None:
    row = Row(7, uuid4().hex, EventKind.TRACK, AT, name="first")
    append([row], [])
    assert append([msgspec.structs.replace(row, name="second")], []) == set()
    assert Event.objects.get().name == "first"
