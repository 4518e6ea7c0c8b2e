"""Rejected items for the inbox: bounded in size and number, with keys and secrets taken out."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterable
from typing import Any

import msgspec

from tracking.ingest.models import EventKind
from tracking.ingest.rejection_codes import RejectedItem, RejectionCode
from tracking.ingest.values import IngestBatch

PER_MINUTE = 120
"""So many rejections are kept of a workspace in a minute, by each process; the rest get their verdict alone."""
NOT_KEPT = frozenset({RejectionCode.UNTRACKED_ACTION})
"""Public clients report every tap, tracked or not: there is nothing to mend in those."""
MAX_RAW = 2000
SECRET = re.compile(
    r"write_?key|api_?key|password|passwd|secret|authorization|credential|signature|card_?number|(^|_)token", re.I
)
SCRUBBED = "[scrubbed]"

_budget: dict[int, tuple[int, int]] = {}


class Kept(msgspec.Struct, frozen=True):
    """A row of the inbox to be, in the order of `tracking.ingest.append.KEEP`."""

    workspace_id: int
    code: str
    detail: str
    item: str


def keep(batches: Iterable[IngestBatch]) -> list[Kept]:
    """What goes into the inbox. Rejections of nobody's (no key, an unknown one) do not."""
    return [
        Kept(
            batch.workspace_id,
            item.code.value,
            item.detail.replace("\0", "\ufffd")[:1000],
            item_json(item.raw, batch.kind),
        )
        for batch in batches
        if batch.workspace_id is not None
        for item in batch.items
        if isinstance(item, RejectedItem) and item.code not in NOT_KEPT and afford(batch.workspace_id)
    ]


def item_json(raw: bytes, kind: EventKind | None = None) -> str:
    """The item as PostgreSQL can keep it; what is no JSON object is kept as the beginning of its text."""
    try:
        item = json.loads(raw) if len(raw) <= 32 * 1024 else None
        if isinstance(item, dict):
            if kind is not None:
                item["type"] = kind.label  # the path said it; whoever mends it needs to know
            return json.dumps(scrub(item), ensure_ascii=False).encode("utf-8", "replace").decode()
    except (ValueError, RecursionError):
        pass
    text = raw[:MAX_RAW].decode("utf-8", "replace").replace("\0", "\ufffd")
    return json.dumps({"raw": re.sub(r'("?write_?key"?\s*:\s*)"[^"]*"?', rf'\1"{SCRUBBED}"', text, flags=re.I)})


def scrub(value: Any) -> Any:
    if isinstance(value, dict):
        return {_text(k): SCRUBBED if SECRET.search(k) else scrub(v) for k, v in value.items()}
    if isinstance(value, list):
        return [scrub(inner) for inner in value]
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, float) and value - value != 0:  # inf and nan, which no JSON may say
        return str(value)
    return value


def _text(value: str) -> str:
    return value.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def afford(workspace_id: int) -> bool:
    minute = int(time.monotonic() // 60)
    started, used = _budget.get(workspace_id, (minute, 0))
    if started != minute:
        used = 0
    _budget[workspace_id] = (minute, used + 1)
    return used < PER_MINUTE


def forget() -> None:
    _budget.clear()
