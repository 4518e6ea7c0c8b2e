"""Clients that leave, send slowly or take nothing hold no thread of the pages."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from console.runtime.server.bounded import BoundedProtocol
from console.runtime.server.limits import Limits
from console.runtime.server.protocol import Protocol
from console.runtime.server.watchdog import TOO_LONG, Watchdog
from console.runtime.server.wsgi import MOST_WAITING, WSGIBridge
from tests.security.serving import served

THREADS = 2
LARGE = b"x" * 3_000_000
HEAD = "{} {} HTTP/1.1\r\nHost: x\r\n"


class Pages:
    """A WSGI application that counts the requests which are in it."""

    def __init__(self) -> None:
        self.inside = 0
        self.served = 0
        self.hold = threading.Event()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        body = environ["wsgi.input"].read()
        if environ["PATH_INFO"] == "/broken":
            raise RuntimeError("broken")
        if environ["PATH_INFO"] == "/held":
            self.hold.wait(20)
        start_response("200 OK", [("Content-Type", "text/plain")])
        if environ["PATH_INFO"] == "/endless":
            return self.endless()
        if environ["PATH_INFO"] == "/large":
            return [LARGE] * 5
        return [f"{environ['CONTENT_LENGTH']} {len(body)} {environ['REMOTE_ADDR']} {environ['QUERY_STRING']}".encode()]

    def endless(self) -> Iterator[bytes]:
        self.inside += 1
        try:
            while True:
                yield LARGE
        finally:
            self.inside -= 1
            self.served += 1


@pytest.fixture
def pages() -> Iterator[Pages]:
    pages = Pages()
    yield pages
    pages.hold.set()


class Application(WSGIBridge):
    fast_handlers: dict[bytes, Any] = {}


@pytest.fixture
def bridge(pages: Pages) -> WSGIBridge:
    return Application(pages, threads=THREADS, body_limit=lambda path: 1_000_000, trusted_proxies=1)


@pytest.fixture
def port(bridge: WSGIBridge, pages: Pages, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setattr(BoundedProtocol, "limits", Limits(body_seconds=2, write_seconds=1, discard_seconds=1))
    with served(bridge, Protocol) as port:
        yield port
        pages.hold.set()


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), 10)


def ask(port: int, path: str = "/", body: bytes = b"", **headers: str) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: x", "Connection: close", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    with connect(port) as client:
        client.sendall("\r\n".join([*lines, "", ""]).encode() + body)
        found = b""
        while chunk := client.recv(65536):
            found += chunk
        return found


def assert_a_page_is_served_soon(port: int) -> None:
    began = time.monotonic()
    assert ask(port).startswith(b"HTTP/1.1 200 OK\r\n")
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("path", ["/large", "/endless"])
def test_pipelined_requests_of_clients_that_read_nothing_and_leave(port: int, pages: Pages, path: str) -> None:
    clients = [connect(port) for _ in range(8)]
    for client in clients:
        client.sendall((HEAD.format("GET", path) + "\r\n").encode() * 3)
    time.sleep(0.5)
    for client in clients:
        client.close()
    time.sleep(0.5)
    assert_a_page_is_served_soon(port)
    assert pages.inside == 0


def test_clients_that_take_nothing_and_stay_are_cut_off(port: int, pages: Pages) -> None:
    clients = [connect(port) for _ in range(2 * THREADS)]
    for client in clients:
        client.sendall((HEAD.format("GET", "/endless") + "\r\n").encode())
    for client in clients:
        assert client.recv(1)
    until(lambda: pages.served == len(clients))
    assert_a_page_is_served_soon(port)


def test_slow_bodies_hold_no_thread(port: int) -> None:
    clients = [connect(port) for _ in range(8)]
    for client in clients:
        client.sendall((HEAD.format("POST", "/") + "Content-Length: 1000\r\n\r\nabc").encode())
    assert_a_page_is_served_soon(port)
    assert clients[0].recv(100).startswith(b"HTTP/1.1 408 ")


def test_a_body_that_is_announced_as_too_large_is_refused_before_it_is_sent(port: int) -> None:
    with connect(port) as client:
        client.sendall((HEAD.format("POST", "/") + "Content-Length: 200000000\r\n\r\n").encode())
        assert client.recv(1000).startswith(b"HTTP/1.1 413 ")


def test_a_body_in_chunks_is_refused_once_it_is_too_large(port: int) -> None:
    with connect(port) as client:
        client.sendall((HEAD.format("POST", "/") + "Transfer-Encoding: chunked\r\n\r\n").encode())
        client.sendall(b"100000\r\n" + b"x" * 0x100000 + b"\r\n")
        assert client.recv(1000).startswith(b"HTTP/1.1 413 ")


def test_a_body_in_chunks_has_a_length_for_the_application(port: int) -> None:
    with connect(port) as client:
        client.sendall((HEAD.format("POST", "/") + "Transfer-Encoding: chunked\r\n\r\n").encode())
        client.sendall(b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
        assert b"5 5 " in client.recv(1000)


def test_a_body_larger_than_what_is_kept_in_memory_arrives_whole(port: int) -> None:
    assert b"900000 900000 " in ask(port, body=b"x" * 900_000)


def test_the_address_of_a_client_is_what_the_last_proxy_says(port: int) -> None:
    assert b" 5.6.7.8 " in ask(port, X_Forwarded_For="1.2.3.4, 5.6.7.8")
    assert b" 127.0.0.1 " in ask(port, X_Forwarded_For="1.2.3.4, nonsense")
    assert b" 127.0.0.1 " in ask(port)


def test_an_application_that_raises_is_answered_for(port: int) -> None:
    assert ask(port, "/broken").startswith(b"HTTP/1.1 500 ")
    assert_a_page_is_served_soon(port)


def test_whoever_comes_when_too_many_wait_is_asked_to_come_again(bridge: WSGIBridge, port: int, pages: Pages) -> None:
    with ThreadPoolExecutor(THREADS + MOST_WAITING) as threads:
        waiting = [threads.submit(ask, port, "/held") for _ in range(THREADS + MOST_WAITING)]
        until(lambda: bridge.open == THREADS + MOST_WAITING)
        answer = ask(port)
        assert answer.startswith(b"HTTP/1.1 503 ")
        assert b"retry-after: 2" in answer
        pages.hold.set()
        assert all(one.result().startswith(b"HTTP/1.1 200 ") for one in waiting)


def test_a_thread_that_is_busy_for_too_long_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    watchdog = Watchdog()
    with watchdog.watching("/w/acme/"):
        watchdog.look(time.monotonic())
        assert not caplog.records
        for _ in range(2):
            watchdog.look(time.monotonic() + TOO_LONG + 1)
    [told] = caplog.records
    assert "pages.thread_is_stuck" in told.getMessage()
    assert "/w/acme/" in told.getMessage()
    assert watchdog.busy == {}
