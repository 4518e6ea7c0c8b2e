"""The ingest line: parse -> authenticate -> validate -> resolve -> append -> acknowledge.

Six steps, each in a module of its own name, each given a value and giving one. `run` is the whole line with a write of
its own; the handler (`tracking.ingest.fast_handler`) calls the same steps around one write for many requests.
"""

from __future__ import annotations

from time import perf_counter

from django.db import DataError

from console.accounts.keyring import Holder
from console.accounts.services import keys
from tracking.ingest import timing
from tracking.ingest.acknowledge import acknowledge
from tracking.ingest.append import append, rows_of
from tracking.ingest.authenticate import Find, authenticate, key_of
from tracking.ingest.authorize import authorize
from tracking.ingest.inbox import keep
from tracking.ingest.models import EventKind
from tracking.ingest.parse import parse
from tracking.ingest.rejection_codes import Rejected, RejectedItem, RejectionCode
from tracking.ingest.resolve import ask, recall, resolve
from tracking.ingest.validate import TYPES, validate
from tracking.ingest.values import Call, IngestBatch, IngestRequest, IngestResponse, Item, ParsedRequest

KINDS: dict[str, EventKind | None] = {**TYPES, "batch": None}
"""What a path names, by its last word or the first letter of that."""
UNREAD = frozenset({RejectionCode.BAD_JSON, RejectionCode.ITEM_TOO_LARGE})


def run(request: IngestRequest) -> IngestResponse:
    """The whole line. What is acknowledged is committed."""
    batch = receive(request, keys.holder)
    with timing.resolve.timed():
        resolve([batch], recall([batch]) or ask([batch]))
    try:
        with timing.append.timed():
            fresh = append(rows_of([batch]), keep([batch]))
    except DataError:
        fresh = write_apart(batch)
    with timing.acknowledge.timed():
        return acknowledge(batch, fresh)


def receive(request: IngestRequest, find: Find) -> IngestBatch:
    """The first three steps. A request that is refused as a whole becomes a batch with that rejection alone."""
    parsed: ParsedRequest | None = None
    began = perf_counter()
    try:
        parsed = parse(request)
        parsed_at = perf_counter()
        holder = authenticate(request.authorization, parsed.key, find)
    except Rejected as refused:
        return _refused(request, parsed, refused, find)
    known = perf_counter()
    items = [_valid(call, raw, holder, parsed, request) for call, raw in parsed.calls]
    timing.parse.add(parsed_at - began)
    timing.authenticate.add(known - parsed_at)
    timing.validate.add(perf_counter() - known)
    return IngestBatch(
        holder.workspace_id, request.strict, items, request.kind, whole=_is_refused_whole(request, items)
    )


def _is_refused_whole(request: IngestRequest, items: list[Item | RejectedItem]) -> bool:
    """A single call that could not be read, as against one that was read and is wrong."""
    return request.kind is not None and isinstance(items[0], RejectedItem) and items[0].code in UNREAD


def write_apart(batch: IngestBatch) -> set[str]:
    """What the steps let through and the database did not: found row by row, and refused instead of a 500."""
    fresh: set[str] = set()
    for place, item in enumerate(batch.items):
        if isinstance(item, RejectedItem):
            continue
        try:
            fresh |= append([item.row], [])
        except DataError as error:
            said = str(error).partition("\n")[0] or type(error).__name__
            batch.items[place] = RejectedItem(RejectionCode.UNSTORABLE, said[:200], item.raw, item.message_id)
    append([], keep([batch]))
    return fresh


def _valid(
    call: Call | RejectedItem, raw: bytes, holder: Holder, parsed: ParsedRequest, request: IngestRequest
) -> Item | RejectedItem:
    if isinstance(call, RejectedItem):
        return call
    try:
        item = validate(call, raw, holder.workspace_id, request.kind, parsed.sent_at, request.received_at)
        authorize(item, call, holder)
        return item
    except Rejected as refused:
        named = str(call.message_id) if call.message_id not in (None, "") else None
        return RejectedItem(refused.code, refused.detail, raw, named)


def _refused(request: IngestRequest, parsed: ParsedRequest | None, refused: Rejected, find: Find) -> IngestBatch:
    """Nobody's rejection, or that of the workspace whose key stands in the header."""
    workspace_id = None
    if parsed is None and request.authorization:
        key = key_of(request.authorization, None)
        holder = find(key) if key else None
        workspace_id = holder.workspace_id if holder else None
    count = len(parsed.calls) if parsed else 1
    raw = request.body[:2000] if not request.encoding else b""
    items: list[Item | RejectedItem] = [RejectedItem(refused.code, refused.detail, raw) for _ in range(max(count, 1))]
    return IngestBatch(workspace_id, request.strict, items, whole=True)
