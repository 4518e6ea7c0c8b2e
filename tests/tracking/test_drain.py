"""A web process is asked to stop while reports come in: what it wrote it answered, and what it answered is there."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from console.runtime.embedded import free_port
from tests.people import make_workspace, make_write_key
from tests.stacks import ROOT
from tracking.ingest.models import Event

CLIENTS = 8


@pytest.mark.django_db(transaction=True)
def test_a_server_that_stops_answers_whatever_it_writes() -> None:
    key = make_write_key(make_workspace())
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "console.runtime.server", "web", "--port", str(port)],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": url_of_tests(), "EARSHOT_LOG_LEVEL": "ERROR"},
    )
    try:
        wait_for(port)
        with ThreadPoolExecutor(CLIENTS) as pool:
            told = [pool.submit(report_until_the_end, port, key, f"c{n}") for n in range(CLIENTS)]
            time.sleep(1)
            server.send_signal(signal.SIGTERM)
            accepted = sum(one.result(30) for one in told)
        assert server.wait(20) == -signal.SIGTERM  # uvicorn ends by the signal once all is done
    finally:
        server.kill()
        server.wait()
    assert accepted > CLIENTS
    assert Event.objects.count() == accepted


def report_until_the_end(port: int, key: str, name: str) -> int:
    """How many were acknowledged until the server closed the connection."""
    accepted = 0
    with socket.create_connection(("127.0.0.1", port), 10) as link:
        while True:
            body = json.dumps({"event": "x", "userId": name, "messageId": f"{name}-{accepted}"}).encode()
            head = (
                f"POST /v1/t HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            try:
                link.sendall(head.encode() + body)
                answer = link.recv(65536)
            except OSError:
                answer = b""
            if b'"accepted"' not in answer:
                return accepted
            accepted += 1
            if b"connection: close" in answer:
                return accepted


def wait_for(port: int) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not come up")


def url_of_tests() -> str:
    parameters = connection.get_connection_params()
    return (
        f"postgres://{parameters.get('user') or 'postgres'}@/{parameters['dbname']}?host={parameters.get('host', '')}"
    )
