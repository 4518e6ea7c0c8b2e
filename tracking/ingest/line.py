"""The ingest line: parse -> authenticate -> validate -> resolve -> append -> acknowledge.

Six steps, each in a module of its own name, each given a value and giving one. `run` is the whole line with a write of
its own; the door (`tracking.ingest.door`) calls the same steps around one write for many requests.
"""

from __future__ import annotations

from time import perf_counter

from django.db import DataError

from console.keyring import Holder
from console.services import keys
from tracking.ingest import timing
from tracking.ingest.acknowledge import acknowledge
from tracking.ingest.append import append, rows_of
from tracking.ingest.authenticate import Find, authenticate, key_of
from tracking.ingest.authorize import authorize
from tracking.ingest.inbox import keep
from tracking.ingest.parse import parse
from tracking.ingest.refusals import Code, Refusal, Refused
from tracking.ingest.resolve import ask, recall, resolve
from tracking.ingest.validate import TYPES, validate
from tracking.ingest.values import Answer, Call, Item, Order, Parcel, Post
from tracking.models import EventKind

KINDS: dict[str, EventKind | None] = {**TYPES, "batch": None}
"""What a path names, by its last word or the first letter of that."""
UNREAD = frozenset({Code.BAD_JSON, Code.ITEM_TOO_LARGE})


def run(post: Post) -> Answer:
    """The whole line. What is acknowledged is committed."""
    order = receive(post, keys.holder)
    with timing.resolve.timed():
        resolve([order], recall([order]) or ask([order]))
    try:
        with timing.append.timed():
            fresh = append(rows_of([order]), keep([order]))
    except DataError:
        fresh = write_apart(order)
    with timing.acknowledge.timed():
        return acknowledge(order, fresh)


def receive(post: Post, find: Find) -> Order:
    """The first three steps. A request that is refused as a whole becomes an order with that refusal alone."""
    parcel: Parcel | None = None
    began = perf_counter()
    try:
        parcel = parse(post)
        parsed = perf_counter()
        holder = authenticate(post.authorization, parcel.key, find)
    except Refused as refused:
        return _refused(post, parcel, refused, find)
    known = perf_counter()
    items = [_valid(call, raw, holder, parcel, post) for call, raw in parcel.calls]
    timing.parse.add(parsed - began)
    timing.authenticate.add(known - parsed)
    timing.validate.add(perf_counter() - known)
    return Order(holder.workspace_id, post.strict, items, post.kind, whole=_is_refused_whole(post, items))


def _is_refused_whole(post: Post, items: list[Item | Refusal]) -> bool:
    """A single call that could not be read, as against one that was read and is wrong."""
    return post.kind is not None and isinstance(items[0], Refusal) and items[0].code in UNREAD


def write_apart(order: Order) -> set[str]:
    """What the steps let through and the database did not: found row by row, and refused instead of a 500."""
    fresh: set[str] = set()
    for place, item in enumerate(order.items):
        if isinstance(item, Refusal):
            continue
        try:
            fresh |= append([item.row], [])
        except DataError as error:
            said = str(error).partition("\n")[0] or type(error).__name__
            order.items[place] = Refusal(Code.UNSTORABLE, said[:200], item.raw, item.message_id)
    append([], keep([order]))
    return fresh


def _valid(call: Call | Refusal, raw: bytes, holder: Holder, parcel: Parcel, post: Post) -> Item | Refusal:
    if isinstance(call, Refusal):
        return call
    try:
        item = validate(call, raw, holder.workspace_id, post.kind, parcel.sent_at, post.received_at)
        authorize(item, call, holder)
        return item
    except Refused as refused:
        named = str(call.message_id) if call.message_id not in (None, "") else None
        return Refusal(refused.code, refused.detail, raw, named)


def _refused(post: Post, parcel: Parcel | None, refused: Refused, find: Find) -> Order:
    """Nobody's refusal, or that of the workspace whose key stands in the header."""
    workspace_id = None
    if parcel is None and post.authorization:
        key = key_of(post.authorization, None)
        holder = find(key) if key else None
        workspace_id = holder.workspace_id if holder else None
    count = len(parcel.calls) if parcel else 1
    raw = post.body[:2000] if not post.encoding else b""
    items: list[Item | Refusal] = [Refusal(refused.code, refused.detail, raw) for _ in range(max(count, 1))]
    return Order(workspace_id, post.strict, items, whole=True)
