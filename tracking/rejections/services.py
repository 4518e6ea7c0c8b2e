"""The inbox of refused items: mended and sent again, or forgotten in time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import msgspec
from django.db import DataError, connection, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from console.accounts.keyring import Holder
from console.accounts.models import User, Workspace
from console.accounts.services import audit
from messaging.public import IdentityCall, NotApplied, Proof
from tracking.ingest import inbox, line
from tracking.ingest.append import append, rows_of
from tracking.ingest.models import EventKind
from tracking.ingest.rejection_codes import Rejected, RejectedItem, RejectionCode
from tracking.ingest.resolve import ask, resolve
from tracking.ingest.values import IngestRequest
from tracking.rejections.models import Rejection

KEEP_DAYS = 30
KEEP_NEWEST = 10_000


@transaction.atomic
def mend_and_replay(reject: Rejection, item: dict[str, Any], by: User | None, *, may_merge: bool = False) -> bool:
    """Send a mended item down the line; True if it is new in the log, False if it was there already.

    Raises Rejected, with nothing changed, when the item is still wrong or was replayed before. Counted once: what
    had no messageId gets one of the reject's own. The clock is that of the first receipt. It may do what a
    secret key may, since a member of the workspace sends it; but make one of two known people, which nobody can undo,
    only with `may_merge`.
    """
    locked = Rejection.objects.select_for_update().get(pk=reject.pk, workspace_id=reject.workspace_id)
    if locked.replayed_at is not None:
        raise Rejected(RejectionCode.UNSTORABLE, "This item was replayed already; it is not sent twice.")
    made = salted_hmac("reject", str(locked.pk)).hexdigest()  # nobody can send it before
    mended = {"messageId": f"reject-{made}"} | {k: v for k, v in item.items() if v is not None}
    ingest_request = IngestRequest(
        kind=None, body=msgspec.json.encode({"batch": [mended], "writeKey": "-"}), received_at=locked.received_at
    )
    batch = line.receive(ingest_request, lambda key: Holder(locked.workspace_id, secret=True))
    resolve([batch], ask([batch]))
    [sent] = batch.items
    if isinstance(sent, RejectedItem):
        raise Rejected(sent.code, sent.detail)
    if sent.row.kind == EventKind.ALIAS and not may_merge:
        if locked.code == RejectionCode.MERGE_NOT_ALLOWED.value:
            raise Rejected(
                RejectionCode.MERGE_NOT_ALLOWED,
                "Nobody can undo that two known people are made one: an owner must do it.",
            )
        sent.row.proof = Proof.SIGNED.value
    try:
        fresh = append(rows_of([batch]), [])
    except DataError as error:
        raise Rejected(RejectionCode.UNSTORABLE) from error
    locked.replayed_at = timezone.now()
    locked.save(update_fields=["replayed_at"])
    audit.record(
        workspace=Workspace.objects.get(pk=locked.workspace_id),
        by=by,
        verb="reject.replayed",
        target=locked,
        changes={"code": locked.code, "new": bool(fresh)},
    )
    return bool(fresh)


def keep_not_applied(refused: Sequence[NotApplied]) -> None:
    """Put into the inbox what was accepted and could not be applied, so that somebody learns of it."""
    rows = [
        Rejection(
            workspace_id=one.call.workspace_id,
            code=one.code,
            detail=one.detail,
            item=msgspec.json.decode(inbox.item_json(msgspec.json.encode(_item(one.call)))),
        )
        for one in refused
        if inbox.afford(one.call.workspace_id)
    ]
    Rejection.objects.bulk_create(rows)


def _item(call: IdentityCall) -> dict[str, Any]:
    """The call as a client would write it."""
    content: dict[str, Any] = {"traits": dict(call.payload)} if call.kind == "identify" else dict(call.payload)
    if call.kind == "track":
        content = {"event": call.name, "properties": dict(call.payload)}
    item = {"type": call.kind, "userId": call.user_id, "anonymousId": call.anonymous_id, **content}
    return {name: value for name, value in item.items() if value is not None}


def prune() -> int:
    """Forget rejections older than 30 days, and all but the newest 10,000 of each workspace."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            DELETE FROM tracking_rejection WHERE received_at < %s OR id IN (
                SELECT id FROM (
                    SELECT id, row_number() OVER (PARTITION BY workspace_id ORDER BY id DESC) AS place
                      FROM tracking_rejection) AS placed
                 WHERE place > %s)""",
            [timezone.now() - timedelta(days=KEEP_DAYS), KEEP_NEWEST],
        )
        return int(cursor.rowcount)
