"""Calls of the demo's apps, sent down the real ingest line, with the time they are said to have happened."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from tracking.ingest import line
from tracking.ingest.values import IngestRequest

AT_ONCE = 200
Call = dict[str, Any]


def send(calls: Iterable[Call], write_key: str) -> None:
    """In batches, in the order of time. Sent twice, they are in the log once: their ids are always the same."""
    ordered = iter(sorted(calls, key=lambda call: (call["timestamp"], call["messageId"])))
    while batch := list(islice(ordered, AT_ONCE)):
        body = json.dumps({"batch": batch}).encode()
        answer = line.run(IngestRequest(None, body, datetime.now(UTC), authorization=f"Bearer {write_key}"))
        for result in json.loads(answer.body).get("results", [{"verdict": "rejected", "detail": str(answer.body)}]):
            if result["verdict"] == "rejected":
                raise RuntimeError(f"The demo said what ingest refuses: {result}")


def identify(user_id: str, traits: dict[str, object], at: datetime) -> Call:
    return {"type": "identify", "messageId": f"demo:{user_id}:identify", "userId": user_id, "traits": traits} | when(at)


def track(user_id: str, event: str, properties: dict[str, Any], at: datetime, ident: str) -> Call:
    call = {"type": "track", "messageId": f"demo:{user_id}:{ident}", "userId": user_id, "event": event}
    return call | {"properties": properties} | when(at)


def when(at: datetime) -> Call:
    return {"timestamp": at.isoformat()}
