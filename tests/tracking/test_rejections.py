from __future__ import annotations

import pytest
from django.test import Client

from console.accounts.models import AuditEntry
from tests.people import make_workspace
from tests.tracking.ingest import Caller
from tracking.ingest.models import Event
from tracking.ingest.rejection_codes import Rejected
from tracking.rejections import services as rejects
from tracking.rejections.models import Rejection

pytestmark = pytest.mark.django_db


def test_a_mended_item_is_counted_once(client: Client) -> None:
    call = Caller(client, make_workspace())
    assert call.verdicts("track", {"userId": "u"}) == ["missing_field"]
    reject = Rejection.objects.get()
    assert rejects.mend_and_replay(reject, {**reject.item, "event": "Signed up"}, None)
    with pytest.raises(Rejected):
        rejects.mend_and_replay(reject, {**reject.item, "event": "Signed up"}, None)
    assert Event.objects.get().name == "Signed up"
    assert AuditEntry.objects.filter(verb="reject.replayed").count() == 1


def test_an_item_that_is_still_wrong_changes_nothing(client: Client) -> None:
    call = Caller(client, make_workspace())
    call.verdicts("track", {"userId": "u"})
    reject = Rejection.objects.get()
    with pytest.raises(Rejected):
        rejects.mend_and_replay(reject, reject.item, None)
    reject.refresh_from_db()
    assert reject.replayed_at is None
    assert not Event.objects.exists()
