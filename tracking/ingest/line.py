"""The ingest line: parse -> authenticate -> validate -> resolve -> append -> acknowledge.

Six steps, each in a module of its own name, each given a value and giving one. `run` is the whole line with a write of
its own; the door (`tracking.ingest.door`) calls the same steps around one write for many requests.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

from django.db import DataError

from tracking.ingest import authenticate as keys
from tracking.ingest.acknowledge import acknowledge
from tracking.ingest.append import append, rows_of
from tracking.ingest.inbox import keep
from tracking.ingest.parse import parse
from tracking.ingest.refusals import Code, Refusal, Refused
from tracking.ingest.resolve import resolve
from tracking.ingest.timing import add, timed
from tracking.ingest.validate import SHORT, TYPES, validate
from tracking.ingest.values import Answer, Call, Item, Order, Parcel, Post

KINDS = frozenset(TYPES) | {"batch"} | frozenset(SHORT)


def run(post: Post) -> Answer:
    """The whole line. What is acknowledged is committed."""
    order = receive(post, keys.find)
    with timed("resolve"):
        resolve([order])
    try:
        with timed("append"):
            fresh = append(rows_of([order]), keep([order]))
    except DataError:
        fresh = write_apart(order)
    with timed("acknowledge"):
        return acknowledge(order, fresh)


def receive(post: Post, find: Callable[[str], int | None]) -> Order:
    """The first three steps. A request that is refused as a whole becomes an order with that refusal alone."""
    parcel: Parcel | None = None
    start = perf_counter()
    try:
        parcel = parse(post)
        start = add("parse", start)
        workspace_id = keys.authenticate(post.authorization, parcel.key, find)
        start = add("authenticate", start)
    except Refused as refused:
        return _refused(post, parcel, refused, find)
    items = [_valid(call, raw, workspace_id, parcel, post) for call, raw in parcel.calls]
    add("validate", start)
    return Order(workspace_id, post.strict, items, kind=SHORT.get(post.kind, post.kind))


def write_apart(order: Order) -> set[str]:
    """What the steps let through and the database did not: found row by row, and refused instead of a 500."""
    fresh: set[str] = set()
    for place, (row, item) in enumerate(zip(order.rows, order.items, strict=True)):
        if isinstance(row, Refusal) or isinstance(item, Refusal):
            continue
        try:
            fresh |= append([row[1]], [])
        except DataError as error:
            said = str(error).partition("\n")[0] or type(error).__name__
            order.rows[place] = Refusal(Code.UNSTORABLE, said[:200], item.raw, row[0])
    append([], keep([order]))
    return fresh


def _valid(call: Call | Refusal, raw: bytes, workspace_id: int, parcel: Parcel, post: Post) -> Item | Refusal:
    if isinstance(call, Refusal):
        return call
    kind = SHORT.get(post.kind, post.kind)
    try:
        return validate(
            call,
            raw,
            workspace_id=workspace_id,
            kind=None if kind == "batch" else kind,
            sent_at=parcel.sent_at,
            received_at=post.received_at,
        )
    except Refused as refused:
        named = str(call.message_id) if call.message_id not in (None, "") else None
        return Refusal(refused.code, refused.detail, raw, named)


def _refused(post: Post, parcel: Parcel | None, refused: Refused, find: Callable[[str], int | None]) -> Order:
    """Nobody's refusal, or that of the workspace whose key stands in the header."""
    workspace_id = None
    if parcel is None and post.authorization:
        key = keys.key_of(post.authorization, None)
        workspace_id = find(key) if key else None
    count = len(parcel.calls) if parcel else 1
    raw = post.body[:2000] if not post.encoding else b""
    items: list[Item | Refusal] = [Refusal(refused.code, refused.detail, raw) for _ in range(max(count, 1))]
    return Order(workspace_id, post.strict, items)
