"""Verdicts -> the answer."""

from __future__ import annotations

import msgspec

from tracking.ingest.rejection_codes import HELP, KEY_CODES, WHOLE_STATUS, RejectedItem
from tracking.ingest.timing import verdicts
from tracking.ingest.values import IngestBatch, IngestResponse, Item

RETRY_AFTER = {429: "1", 503: "5"}
"""Seconds by status."""


class Verdict(msgspec.Struct, rename="camel", omit_defaults=True):
    index: int
    message_id: str | None
    verdict: str
    code: str | None = None
    detail: str | None = None


class Done(msgspec.Struct):
    success: bool
    results: list[Verdict]


_encode = msgspec.json.Encoder().encode


def acknowledge(batch: IngestBatch, fresh: set[str]) -> IngestResponse:
    """`fresh` are the keys that are new in the log; of several batches with one key the first takes it out."""
    verdicts = [_verdict(index, item, fresh) for index, item in enumerate(batch.items)]
    refused = [item for item in batch.items if isinstance(item, RejectedItem)]
    if refused and (batch.strict or batch.whole):
        return _refusal(refused, verdicts, whole=batch.whole)
    return IngestResponse(200, _encode(Done(True, verdicts)))


def _verdict(index: int, item: Item | RejectedItem, fresh: set[str]) -> Verdict:
    if isinstance(item, RejectedItem):
        verdicts[item.code] += 1
        return Verdict(index, item.message_id, "rejected", item.code.value, item.detail)
    key = item.row.key
    if key in fresh:
        fresh.discard(key)
        verdicts["accepted"] += 1
        return Verdict(index, item.message_id, "accepted")
    verdicts["duplicate"] += 1
    return Verdict(index, item.message_id, "duplicate")


def _refusal(refused: list[RejectedItem], verdicts: list[Verdict], *, whole: bool) -> IngestResponse:
    """Problem details with what public clients show: `code` and `message` (Segment), `meta.error` (Customer.io)."""
    codes = {one.code for one in refused}
    first = refused[0]
    status = WHOLE_STATUS.get(first.code, 400) if whole or codes <= KEY_CODES else 400
    title = "The key was refused." if status == 401 else f"{len(refused)} of {len(verdicts)} items were refused."
    challenge = (("WWW-Authenticate", 'Basic realm="write key"'),) if status == 401 else ()
    body = {
        "type": f"/problems/#{first.code.value}",
        "title": title,
        "status": status,
        "code": first.code.value,
        "message": first.detail,
        "detail": first.detail,
        "help": HELP[first.code],
        "meta": {"error": first.detail},
        "results": verdicts,
    }
    return IngestResponse(status, _encode(body), "application/problem+json", challenge)


def busy(status: int, code: str, detail: str) -> IngestResponse:
    """Nothing was kept; the client is to send the same again."""
    body = {
        "type": "about:blank",
        "title": "Try again.",
        "status": status,
        "code": code,
        "message": detail,
        "detail": detail,
        "meta": {"error": detail},
    }
    return IngestResponse(status, _encode(body), "application/problem+json", (("Retry-After", RETRY_AFTER[status]),))


def unreachable() -> IngestResponse:
    return busy(503, "unavailable", "The database cannot be reached just now; send the same again.")
