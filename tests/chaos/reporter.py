"""Taps on one message of the demo workspace, sent as an SDK sends them: again and again until they are acknowledged."""

from __future__ import annotations

import base64
import http.client
import json
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

from tests import stacks

PATIENCE = 60  # seconds; a busy machine takes its time


class Reporter:
    """A person who taps "Show me around" in the campaign "First steps". `note` is what `up.json` tells."""

    def __init__(self, note: dict[str, Any]) -> None:
        self.note = note
        self.person = f"person-{uuid.uuid4().hex[:8]}"
        self.waiting: list[dict[str, Any]] = []
        self.acknowledged: set[str] = set()
        self.delivery = self._receive()

    def _receive(self) -> str:
        """The id of the delivery that the campaign made for this person."""
        trigger = {"type": "track", "userId": self.person, "event": "Notebook Created"}
        eventually(lambda: self._post("/v1/track", trigger) == 200)
        return str(eventually(self._fetch)[0]["queueId"])

    def _fetch(self) -> list[dict[str, Any]]:
        token = base64.b64encode(self.person.encode()).decode()
        headers = {"X-CIO-Site-Id": self.note["write_key"], "X-Gist-Encoded-User-Token": token}
        answer = self._ask("POST", "/api/v4/users?sessionId=1", {}, headers)
        return list(answer.get("inAppMessages", [])) if answer else []

    def tap(self, number: int = 10) -> bool:
        """Some more taps, sent with those that were not acknowledged before; whether all are acknowledged now."""
        properties = {"deliveryId": self.delivery, "metric": "clicked", "actionName": "Show me around"}
        report = {"type": "track", "userId": self.person, "event": "Report Delivery Event", "properties": properties}
        self.waiting += [{**report, "messageId": str(uuid.uuid4())} for _ in range(number)]
        while self.waiting:
            batch = self.waiting[:100]
            if self._post("/v1/batch", {"batch": batch}) != 200:
                return False
            self.acknowledged |= {call["messageId"] for call in batch}
            del self.waiting[: len(batch)]
        return True

    def logged(self) -> int:
        with psycopg.connect(self.note["database_url"]) as log:
            query = "SELECT count(*) FROM tracking_event WHERE user_id = %s AND delivery_id IS NOT NULL"
            return int((log.execute(query, [self.person]).fetchone() or [0])[0])

    def responses(self) -> int:
        with psycopg.connect(self.note["database_url"]) as log:
            query = (
                "SELECT count(*) FROM tracking_response WHERE name = 'Show me around' AND delivery_id = ("
                "SELECT min(delivery_id) FROM tracking_event WHERE user_id = %s AND delivery_id IS NOT NULL)"
            )
            return int((log.execute(query, [self.person]).fetchone() or [0])[0])

    def expect_all(self, data: Path, code: Path = stacks.ROOT) -> None:
        """Acknowledged == logged == counted, and all counts of the installation are what its log says."""
        self.expect_taps()
        checked = manage(data, "check_counts", code=code)
        assert (checked.returncode, checked.stdout) == (0, "Every count is what the log says.\n"), checked.stderr

    def readiness(self) -> tuple[int, dict[str, str]]:
        """Status and checks of `/readyz`; status 0 while nobody listens."""
        link = http.client.HTTPConnection(urlsplit(self.note["url"]).netloc, timeout=10)
        try:
            link.request("GET", "/readyz")
        except ConnectionRefusedError:
            return 0, {}
        answer = link.getresponse()
        return answer.status, json.loads(answer.read())

    def expect_taps(self) -> None:
        """Acknowledged == logged == kept as responses."""
        eventually(lambda: self.tap(0))
        assert self.logged() == len(self.acknowledged)
        eventually(lambda: self.responses() == len(self.acknowledged))

    def _post(self, path: str, body: Any) -> int:
        answer = self._ask("POST", path, body, {"Authorization": f"Bearer {self.note['write_key']}"})
        return 0 if answer is None else 200

    def _ask(self, method: str, path: str, body: Any, headers: dict[str, str]) -> dict[str, Any] | None:
        """What was answered with status 200."""
        link = http.client.HTTPConnection(urlsplit(self.note["url"]).netloc, timeout=10)
        with suppress(OSError, http.client.HTTPException):
            link.request(method, path, json.dumps(body), {"Content-Type": "application/json", **headers})
            answer = link.getresponse()
            if answer.status == 200:
                return dict(json.loads(answer.read()))
        return None


def eventually(holds: Callable[[], Any], seconds: float = PATIENCE) -> Any:
    deadline = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < deadline, "it did not come to hold"
        time.sleep(0.2)
    return found


def manage(data: Path, *words: str | Path, code: Path = stacks.ROOT, **over: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "ignore", "manage.py", *words]
    environment = stacks.environment(data, **over)
    return subprocess.run(command, cwd=code, env=environment, capture_output=True, text=True, timeout=120)
