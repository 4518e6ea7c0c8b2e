"""A backup that was made while calls came in."""

from __future__ import annotations

import http.client
import json
import threading
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

from tests import stacks
from tests.chaos.reporter import eventually, manage


@dataclass
class Saved:
    """The backup, and the data folder of which it is, stopped again."""

    file: Path
    data: Path
    acknowledged_before: int
    key: str
    write_key: str
    said: list[str] = field(default_factory=list)


def make_backup(data: Path) -> Saved:
    running = stacks.start(data)
    acknowledged = 0
    over = threading.Event()

    def talk() -> None:
        nonlocal acknowledged
        while not over.is_set():
            acknowledged += post(running.note, *(str(uuid.uuid4()) for _ in range(5)))
            time.sleep(0.01)

    talker = threading.Thread(target=talk)
    talker.start()
    time.sleep(1)
    before = acknowledged
    file = data.parent / "earshot.zip"
    done = manage(data, "backup", file)
    over.set()
    talker.join()
    assert done.returncode == 0, done.stderr
    running.stop()
    return Saved(file, data, before * 5, (data / "secret_key").read_text(), running.note["write_key"], [done.stdout])


def post(note: dict[str, Any], *ids: str) -> bool:
    """Whether these calls were acknowledged."""
    batch = [{"type": "track", "event": "Paid", "userId": "ada", "messageId": one} for one in ids]
    link = http.client.HTTPConnection(urlsplit(note["url"]).netloc, timeout=10)
    link.request("POST", "/v1/batch", json.dumps({"batch": batch}), {"Authorization": f"Bearer {note['write_key']}"})
    return link.getresponse().status == 200


def count_events(url: str) -> int:
    with psycopg.connect(url) as connection:
        return int((connection.execute("SELECT count(*) FROM tracking_event WHERE name = 'Paid'").fetchone() or [0])[0])


def wait_until_followed(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        behind = "SELECT count(*) FROM tracking_event WHERE tx > (SELECT min(tx) FROM tracking_watermark)"
        eventually(lambda: (connection.execute(behind).fetchone() or [1])[0] == 0)
