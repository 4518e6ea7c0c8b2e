"""python outage.py <library> <url> <write key> <person> <seconds>: as outage.mjs, for clients in Python."""

from __future__ import annotations

import importlib
import json
import sys
import time
from typing import Any

library, url, key, person, seconds = sys.argv[1:]
lost: list[tuple[Any, str]] = []


def fail(error: Exception, items: list[dict[str, Any]]) -> None:
    lost.extend((item["properties"]["n"], str(error)[:200]) for item in items)


def say(n: int | str, text: str = "") -> None:
    try:
        sender.track(person, "Note saved", {"n": n, "text": text})
    except RuntimeError as error:  # it leaves out by itself what is too large
        lost.append((n, str(error)[:60]))


sender = importlib.import_module(library).Client(key, host=url, on_error=fail)
for n in range(40):
    say(n, "x" * 10_000)
say("big", "x" * 60_000)
for tick in range(int(seconds) * 2):
    say(100 + tick)
    time.sleep(0.5)
sender.shutdown()
print(json.dumps(lost))  # noqa: T201
