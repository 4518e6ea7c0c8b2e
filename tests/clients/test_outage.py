"""Unmodified clients of servers, while Earshot is stopped, frozen, or asks for patience.

Nothing is lost that a client itself keeps, and nothing is doubled.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import psycopg
import pytest

from tests import stacks
from tests.stacks import ROOT

NODE = ["segment", "cdp", "pipelines"]
PYTHON = ["segment.analytics.client", "customerio.analytics"]
HASTY = ("cdp-", "pipelines-")  # these try again for a few seconds only, and say what they gave up
SECONDS = 30  # that each of them speaks for
OUTAGE = 20
EVERY = {*map(str, range(40)), "big", *map(str, range(100, 100 + 2 * SECONDS))}


def commands(url: str, key: str, mark: str) -> dict[str, list[str | Path]]:
    """Of each client, by the person that it speaks of."""
    said: dict[str, list[str | Path]] = {}
    for client in NODE:
        person = f"{client}-{mark}"
        said[person] = [ROOT / "bin/node", "tests/clients/outage.mjs", client, url, key, person, str(SECONDS)]
    for library in PYTHON:
        person = f"{library}-{mark}"
        said[person] = [sys.executable, "tests/clients/outage.py", library, url, key, person, str(SECONDS)]
    return said


@dataclass
class Server:
    """A stack that can be stopped and frozen."""

    running: stacks.Running

    @property
    def note(self) -> dict[str, Any]:
        return self.running.note

    def stopped(self) -> None:
        began = time.monotonic()
        assert self.running.stop() == 0
        port = urlsplit(self.note["url"]).port
        time.sleep(max(0.0, OUTAGE - 6 - (time.monotonic() - began)))  # it takes some seconds to start
        self.running = stacks.start(self.running.data, EARSHOT_PORT=str(port))

    def frozen(self) -> None:
        port = urlsplit(self.note["url"]).port
        family = psutil.Process(self.running.process.pid).children(recursive=True)
        web = [process for process in family if listens(process, port)]
        assert web, "nobody listens"
        for one in web:
            one.send_signal(signal.SIGSTOP)
        time.sleep(OUTAGE)
        for one in web:
            one.send_signal(signal.SIGCONT)


def listens(process: psutil.Process, port: int | None) -> bool:
    """Children of PostgreSQL and Celery come and go, so a process may be gone before it is asked."""
    try:
        return any(held.laddr.port == port for held in process.net_connections() if not held.raddr)
    except psutil.NoSuchProcess:
        return False


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(stacks.start(tmp_path_factory.mktemp("outage")))
    yield server
    server.running.stop()


def speak(url: str, key: str, mark: str, meanwhile: Callable[[], None]) -> dict[str, dict[str, str]]:
    """All of them side by side. Gives, by person, the events that the client gave up, with its reason."""
    running = {
        person: subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for person, command in commands(url, key, mark).items()
    }
    try:
        time.sleep(5)
        meanwhile()
        lost = {}
        for person, process in running.items():
            out, errors = process.communicate(timeout=180)
            assert process.returncode == 0, errors
            lost[person] = {str(n): reason for n, reason in json.loads(out.splitlines()[-1])}
        return lost
    finally:
        for process in running.values():
            with contextlib.suppress(ProcessLookupError):
                process.kill()


def expect_all(note: dict[str, Any], lost: dict[str, dict[str, str]]) -> None:
    """In the log once: every event but the one that is too large, and what a client says that it gave up, which is for
    silence alone."""
    time.sleep(1)
    with psycopg.connect(note["database_url"], autocommit=True) as log:
        for person, given_up in lost.items():
            rows = log.execute(
                "SELECT payload ->> 'n' FROM tracking_event WHERE user_id = %s AND kind = 2", [person]
            ).fetchall()
            logged = [n for (n,) in rows]
            assert len(logged) == len(set(logged)), f"{person}: doubled"
            early = set(given_up) - {"big"}
            assert EVERY - set(logged) - early == {"big"}, f"{person}: {given_up}"
            assert not early or person.startswith(HASTY), f"{person}: {given_up}"
            assert {given_up[n] for n in early} <= {"fetch failed"}, given_up


@pytest.mark.parametrize("how", ["stopped", "frozen"])
def test_an_outage_of_twenty_seconds_loses_and_doubles_nothing(server: Server, how: str) -> None:
    lost = speak(server.note["url"], server.note["write_key"], how, getattr(server, how))
    expect_all(server.note, lost)


TOO_MUCH = {"code": "busy", "message": "Too many events wait.", "meta": {"error": "Too many events wait."}}
ASKED = 2  # times that each client is told to wait


class Front(ThreadingHTTPServer):
    """Something on the way that says at first what Earshot says when too many events wait to be written."""

    daemon_threads = True

    def __init__(self, url: str) -> None:
        super().__init__(("127.0.0.1", 0), ProxyHandler)
        self.url = url
        self.refused: Counter[str] = Counter()


class ProxyHandler(BaseHTTPRequestHandler):
    server: Front

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        client = self.headers["User-Agent"]
        if self.server.refused[client] < ASKED:
            self.server.refused[client] += 1
            return self.say(429, {"Retry-After": "1"}, json.dumps(TOO_MUCH).encode())
        connection = http.client.HTTPConnection(urlsplit(self.server.url).netloc, timeout=30)
        connection.request("POST", self.path, body, dict(self.headers))
        answer = connection.getresponse()
        self.say(answer.status, {}, answer.read())

    def say(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in (headers | {"Content-Type": "application/json", "Content-Length": str(len(body))}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


def test_a_burst_that_is_told_to_wait_loses_and_doubles_nothing(server: Server) -> None:
    front = Front(server.note["url"])
    threading.Thread(target=front.serve_forever, daemon=True).start()
    try:
        lost = speak(f"http://127.0.0.1:{front.server_port}", server.note["write_key"], "busy", lambda: None)
    finally:
        front.shutdown()
        front.server_close()
    assert sorted(front.refused.values()) == [ASKED] * len(lost)
    assert all(set(given_up) <= {"big"} for given_up in lost.values()), lost
    expect_all(server.note, lost)
